import type { Compositor, CompositorEffect } from '../compositor/compositor.ts'
import { modelSizes, type Segmenter, type SegmenterModel } from './segmenter.ts'

/** One camera frame in, one processed frame out. Whatever goes wrong is thrown, and then there is no frame: never the camera's. */
export type Pipeline = {
  /** The frame stays the caller's; the answer is the caller's to close. */
  process(frame: VideoFrame): Promise<VideoFrame>
  setEffect(effect: CompositorEffect): void
  setStep(step: { readonly maskEvery: number; readonly model: 'suited' | 'light' }): void
  /** The next frame has nothing to do with the last one: where the person was then says nothing of where they are. */
  forget(): void
  /** Since the last call, in milliseconds. */
  takeStages(): Stages
  close(): void
}

export type Stages = { copy: number; shrink: number; segment: number; compose: number; write: number }
export const noStages = (): Stages => ({ copy: 0, shrink: 0, segment: 0, compose: 0, write: 0 })

/**
 * However rarely a mask is made, none is used for a picture so much later than its own (in microseconds, as frames count): on a computer
 * that gets few frames done, somebody who moves would leave a hole through which the room shows.
 */
const oldestMaskUs = 120_000

export type PipelineDeps = {
  readonly compositor: Compositor
  /** Fetched and started when first needed. */
  readonly segmenter: (model: SegmenterModel) => Promise<Segmenter>
  readonly now: () => number
}

/** Upright pictures would fill little of a wide input. */
export function suitedModel(width: number, height: number): SegmenterModel {
  return width / height >= 1.2 ? 'landscape' : 'square'
}

export function createPipeline({ compositor, segmenter, now }: PipelineDeps): Pipeline {
  let step: { readonly maskEvery: number; readonly model: 'suited' | 'light' } = { maskEvery: 1, model: 'suited' }
  let count = 0
  /** The time of the frame that the mask was made for. */
  let maskedAt = 0
  let stages = noStages()
  const started = new Map<SegmenterModel, Segmenter>()

  async function segmenterFor(model: SegmenterModel): Promise<Segmenter> {
    const known = started.get(model)
    if (known) return known
    const fresh = await segmenter(model)
    started.set(model, fresh)
    return fresh
  }

  return {
    async process(frame) {
      const model = step.model === 'light' ? 'landscape' : suitedModel(frame.displayWidth, frame.displayHeight)
      const begin = now()
      const fresh = await compositor.take(frame, modelSizes[model])
      const taken = now()
      stages.copy += taken - begin
      const isOld = Math.abs(frame.timestamp - maskedAt) > oldestMaskUs
      if (fresh || isOld || count % step.maskEvery === 0) {
        const { segment } = await segmenterFor(model)
        const input = compositor.modelInput()
        const shrunk = now()
        stages.shrink += shrunk - taken
        compositor.updateMask(segment(input, Math.round(shrunk)))
        stages.segment += now() - shrunk
        maskedAt = frame.timestamp
        count = 0
      }
      count += 1
      const masked = now()
      const processed = compositor.compose(frame)
      stages.compose += now() - masked
      return processed
    },
    setEffect: (effect) => compositor.setEffect(effect),
    setStep(next) {
      step = next
      count = 0
    },
    forget: () => compositor.forget(),
    takeStages() {
      const taken = stages
      stages = noStages()
      return taken
    },
    close() {
      for (const one of started.values()) {
        try {
          one.close()
        } catch {
          // What is broken need not be closed well.
        }
      }
      started.clear()
    },
  }
}
