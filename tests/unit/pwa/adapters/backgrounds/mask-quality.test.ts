import { describe, expect, it } from 'vitest'
import { loadPlanar } from '../../../../support/backgrounds/compositor.ts'
import { drawnPerson, plainLook } from '../../../../support/backgrounds/drawn-person.ts'
import { qualityOf } from '../../../../support/backgrounds/mask-quality.ts'
import { keptAnswer } from '../../../../support/backgrounds/model-answers.ts'
import { noise } from '../../../../support/backgrounds/pictures.ts'
import { judgeStill, showPicture, type Still, stillSizes, stills } from '../../../../support/backgrounds/stills.ts'

const stillOf = (what: string) => stills.find((one) => one.what === what) as Still
const size = stillSizes.landscape

describe("the mask, against the model's own answer", () => {
  it.each(['curly hair and glasses', 'a hand', 'long hair, upright'])('follows the person no worse: %s', async (what) => {
    const still = stillOf(what)
    const { raw, final } = await judgeStill(still, keptAnswer(still))
    expect(final.iou).toBeGreaterThanOrEqual(raw.iou)
    expect(final.boundary).toBeGreaterThanOrEqual(raw.boundary)
  })

  it('lies nearly on the person, where the model knows', async () => {
    const { final } = await judgeStill(stillOf('plain'), keptAnswer(stillOf('plain')))
    expect(final.iou).toBeGreaterThan(0.965)
    expect(final.boundary).toBeGreaterThan(0.8)
  })

  it('changes on a still at most half as much, when the model wavers', async () => {
    const planar = await loadPlanar(size)
    const kept = keptAnswer(stillOf('plain'))
    const drawn = drawnPerson(size.width, size.height)
    const change = { model: 0, mask: 0 }
    let before: { readonly answer: Float32Array; readonly mask: Float32Array } | null = null
    for (let seed = 0; seed < 6; seed++) {
      showPicture(planar, drawn)
      const answer = kept.map((share, i) => {
        const doubt = share * (1 - share) * 1.2
        return Math.min(Math.max(share + doubt * (noise(i % size.modelWidth, Math.floor(i / size.modelWidth), seed) - 0.5), 0), 1)
      })
      planar.updateMask(answer, seed === 0)
      const mask = planar.mask()
      if (before && seed > 2) {
        for (let i = 0; i < mask.length; i++) {
          change.model += Math.abs((answer[i] ?? 0) - (before.answer[i] ?? 0))
          change.mask += Math.abs((mask[i] ?? 0) - (before.mask[i] ?? 0))
        }
      }
      before = { answer, mask }
    }
    expect(change.model).toBeGreaterThan(0)
    expect(change.mask / change.model).toBeLessThan(0.5)
  })

  it('leaves nothing behind where somebody moves away', async () => {
    const planar = await loadPlanar(size)
    const kept = keptAnswer(stillOf('plain'))
    const cells = 40
    const moved = kept.map((_, i) => (i % size.modelWidth >= cells ? (kept[i - cells] ?? 0) : 0))
    showPicture(planar, drawnPerson(size.width, size.height))
    planar.updateMask(kept, true)
    const before = planar.guide()
    const aside = cells / size.modelHeight
    showPicture(planar, drawnPerson(size.width, size.height, { look: { ...plainLook, aside }, seed: 4 }))
    planar.updateMask(moved, false)
    const now = planar.guide()
    // What the model took for a person and that did not move is no trail.
    const changed = (i: number) => [0, 1, 2].reduce((sum, c) => sum + Math.abs((now[i * 4 + c] ?? 0) - (before[i * 4 + c] ?? 0)), 0) > 0.05
    const left = planar.mask().filter((_, i) => (kept[i] ?? 0) > 0.9 && (moved[i] ?? 0) < 0.02 && changed(i))
    expect(left.length).toBeGreaterThan(500)
    expect(Math.max(...left)).toBeLessThan(0.1)
  })
})

describe('a thing on the wall that the model takes for a person', () => {
  const at = (x: number, y: number) => y * size.modelWidth + x
  async function maskWith(left: number, top: number, side: number): Promise<number> {
    const planar = await loadPlanar(size)
    const answer = keptAnswer(stillOf('plain'))
    for (let y = top; y < top + side; y++) answer.fill(1, at(left, y), at(left + side, y))
    showPicture(planar, drawnPerson(size.width, size.height))
    planar.updateMask(answer, true)
    const mask = planar.mask()
    expect(mask[at(128, 80)], 'the person stays').toBeGreaterThan(0.99)
    return mask[at(left + (side >> 1), top + (side >> 1))] ?? Number.NaN
  }

  it('is background when it is small, and not when it comes in from the side or may be somebody', async () => {
    expect(await maskWith(20, 20, 12)).toBe(0)
    expect(await maskWith(0, 60, 12)).toBe(1)
    expect(await maskWith(10, 70, 40)).toBe(1)
  })
})

describe('the measure of masks', () => {
  const width = 20
  const square = (left: number) => Array.from({ length: 400 }, (_, i) => i % width >= left && i % width < left + 8 && i >= 120 && i < 280)

  it('is 1 for the truth itself, and falls with the distance', () => {
    expect(qualityOf(square(5), square(5), width)).toEqual({ iou: 1, boundary: 1 })
    const near = qualityOf(square(6), square(5), width)
    expect(near.iou).toBeCloseTo(7 / 9)
    expect(near.boundary).toBe(1)
    expect(qualityOf(square(10), square(5), width).boundary).toBeLessThan(0.7)
    expect(qualityOf(new Array(400).fill(false), square(5), width)).toEqual({ iou: 0, boundary: 0 })
  })
})
