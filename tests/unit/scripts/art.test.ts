import { projectImages } from '@alcove/shared/domain/background'
import { describe, expect, it } from 'vitest'
import { developed, enlarged, softened } from '../../../scripts/art/develop.mjs'
import { landscapes } from '../../../scripts/art/landscapes.mjs'
import { rooms } from '../../../scripts/art/rooms.mjs'
import { trace } from '../../../scripts/art/tracer.mjs'

const size = { width: 24, height: 14 }
const brightness = (picture: Float32Array) => picture.reduce((sum, value) => sum + value, 0) / picture.length

describe('the images that stand behind a clinician', () => {
  it('have a scene each', () => {
    expect([...Object.keys(rooms), ...Object.keys(landscapes)].sort()).toEqual([...projectImages].sort())
  })

  it('come out the same every time, neither dark nor glaring', () => {
    for (const [name, room] of Object.entries(rooms)) {
      const scene = room()
      const draw = () => trace(scene, { ...size, samples: 4, seed: 1 })
      expect(draw(), name).toEqual(draw())
      expect(brightness(draw()) * scene.exposure, name).toBeGreaterThan(0.08)
      expect(brightness(draw()) * scene.exposure, name).toBeLessThan(1)
    }
    for (const draw of Object.values(landscapes)) expect(draw(size)).toEqual(draw(size))
  })

  it('are developed from light to bytes without a change of what is even', () => {
    const grey = new Float32Array(size.width * size.height * 3).fill(0.3)
    for (const value of softened(grey, size, 1.5)) expect(value).toBeCloseTo(0.3, 5)
    const full = { width: 60, height: 35 }
    const large = enlarged(grey, size, full)
    for (const value of large) expect(value).toBeCloseTo(0.3, 5)
    const bytes = developed(large, full, { exposure: 1, grain: 2 })
    expect(bytes.length).toBe(60 * 35 * 4)
    // A grain of a few steps around one grey, so that nothing shows bands.
    expect(new Set(bytes.filter((_, i) => i % 4 === 0)).size).toBeGreaterThan(2)
    expect(Math.max(...bytes.filter((_, i) => i % 4 === 0)) - Math.min(...bytes.filter((_, i) => i % 4 === 0))).toBeLessThan(10)
  })
})
