import { openProfile } from '../../chromium.ts'
import { drawnPerson, type Look, looks } from '../drawn-person.ts'
import { loadPlanar } from '../compositor.ts'
import { serveLab } from '../serve-lab.ts'
import type { Quality } from '../mask-quality.ts'
import { judge, judgeStill, type MaskFigures, prepareStill, showPicture, stillSizes, stills } from '../stills.ts'

type Ask = (model: 'landscape' | 'square', inputs: readonly string[]) => Promise<Float32Array[]>

/** Asks the models in a browser, each for all its pictures at once. */
async function withModels<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const lab = await serveLab()
  const profile = await openProfile()
  try {
    await profile.page.goto(lab.url)
    return await work(async (model, inputs) => {
      const answers = await profile.page.evaluate(([name, pixels]) => window.lab.masks(name, pixels), [model, inputs] as const)
      return answers.map((one) => Float32Array.from(one))
    })
  } finally {
    await profile.close()
    await lab.close()
  }
}

export async function measureMasks(keep: (answers: readonly Float32Array[]) => void = () => undefined): Promise<MaskFigures[]> {
  return withModels(async (ask) => {
    const figures: MaskFigures[] = []
    const answers: Float32Array[] = []
    for (const model of ['landscape', 'square'] as const) {
      const own = stills.filter((one) => one.model === model)
      const inputs: string[] = []
      for (const still of own) inputs.push((await prepareStill(still)).input)
      const got = await ask(model, inputs)
      answers.push(...got)
      for (const [i, still] of own.entries()) figures.push(await judgeStill(still, got[i] as Float32Array))
    }
    keep(answers)
    return [...figures, await measureClip(ask)]
  })
}

/** Somebody who sits still, moves quickly to the side, and sits still again: frame by frame, the mean. */
async function measureClip(ask: Ask): Promise<MaskFigures> {
  const size = stillSizes.landscape
  const places = [0, 0, 0, 0.04, 0.09, 0.14, 0.19, 0.24, 0.24, 0.24]
  const frames = places.map((aside, seed) => {
    const look: Look = { ...(looks.plain as Look), aside }
    return drawnPerson(size.width, size.height, { look, seed, grain: 8 })
  })
  const planar = await loadPlanar(size)
  const answers = await ask(
    'landscape',
    frames.map((drawn) => Buffer.from(showPicture(planar, drawn)).toString('base64')),
  )
  const judged = frames.map((drawn, i) => {
    showPicture(planar, drawn)
    planar.updateMask(answers[i] as Float32Array, i === 0)
    return judge(planar, size, drawn, answers[i] as Float32Array)
  })
  const mean = (of: (one: (typeof judged)[number]) => Quality): Quality => ({
    iou: judged.reduce((sum, one) => sum + of(one).iou, 0) / judged.length,
    boundary: judged.reduce((sum, one) => sum + of(one).boundary, 0) / judged.length,
  })
  return { what: 'a clip: still, quickly aside, still', raw: mean((one) => one.raw), final: mean((one) => one.final) }
}
