import { describe, expect, it } from 'vitest'
import type { Compositor } from '../../../../../pwa/src/adapters/backgrounds/compositor/compositor.ts'
import { createPipeline } from '../../../../../pwa/src/adapters/backgrounds/worker/pipeline.ts'

const frameMs = 1000 / 30

/** Which of the frames at these times, in milliseconds, get a mask of their own. */
async function maskedOf(times: readonly number[], maskEvery: number, freshAt: number | null = null): Promise<readonly number[]> {
  const masked: number[] = []
  let at = 0
  const compositor = {
    take: async () => at === freshAt,
    modelInput: () => new Uint8Array(),
    updateMask: () => void masked.push(at),
    compose: () => ({ close: () => undefined }),
    setEffect: () => undefined,
    forget: () => undefined,
  } as unknown as Compositor
  const pipeline = createPipeline({
    compositor,
    segmenter: async () => ({ width: 256, height: 144, segment: () => new Float32Array(), close: () => undefined }),
    now: () => 0,
  })
  pipeline.setStep({ maskEvery, model: 'suited' })
  for (const time of times) {
    at = time
    await pipeline.process({ displayWidth: 1280, displayHeight: 720, timestamp: time * 1000 } as VideoFrame)
  }
  return masked
}

const film = (count: number, everyMs: number) => Array.from({ length: count }, (_, i) => 1000 + i * everyMs)

describe('a mask', () => {
  it('is made for every n-th frame', async () => {
    const times = film(9, frameMs)
    expect(await maskedOf(times, 1)).toEqual(times)
    expect(await maskedOf(times, 3)).toEqual([times[0], times[3], times[6]])
  })

  it('is made for each frame where frames are rare: nobody moves out of it', async () => {
    const times = film(5, 150)
    expect(await maskedOf(times, 3)).toEqual(times)
  })

  it('is not kept over a pause', async () => {
    const times = [...film(2, frameMs), 2000, 2000 + frameMs]
    expect(await maskedOf(times, 3)).toEqual([times[0], times[2]])
  })

  it('is made when nothing is known of the picture before, and counted from there', async () => {
    const times = film(6, frameMs)
    expect(await maskedOf(times, 3, times[1] ?? null)).toEqual([times[0], times[1], times[4]])
  })
})
