import { describe, expect, it } from 'vitest'
import { arrivalChime, bell, softTone } from '@alcove/shared/domain/chime'
import { loudness } from '../../../../pwa/src/adapters/media/meter.ts'

const loudest = (samples: Float32Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)

describe('the chime', () => {
  it('is heard and never clips', () => {
    const samples = bell(arrivalChime, 48_000)
    expect(samples.length).toBe(3 * 48_000)
    expect(loudest(samples)).toBeGreaterThan(0.1)
    expect(loudest(samples)).toBeLessThan(0.9)
  })

  it('begins and ends in silence, so that repeating it does not click', () => {
    const samples = bell(arrivalChime, 44_100)
    expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.001)
    expect(loudest(samples.subarray(-44_100))).toBe(0)
  })

  it('has a softer sister for arrivals of others', () => {
    expect(loudest(bell(softTone, 48_000))).toBeLessThan(loudest(bell(arrivalChime, 48_000)) / 1.5)
  })
})

describe('the meter', () => {
  const tone = (amplitude: number) => Float32Array.from({ length: 1024 }, (_, index) => amplitude * Math.sin(index / 5))

  it('stands still in silence and is full for a shout', () => {
    expect(loudness(new Float32Array(1024))).toBe(0)
    expect(loudness(tone(1))).toBe(1)
  })

  it('moves visibly for a quiet and a normal voice', () => {
    expect(loudness(tone(0.01))).toBeGreaterThan(0.1)
    expect(loudness(tone(0.1))).toBeGreaterThan(loudness(tone(0.01)) + 0.2)
  })
})
