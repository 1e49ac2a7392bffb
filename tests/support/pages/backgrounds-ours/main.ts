/// <reference path="../../../../pwa/src/adapters/backgrounds/assets.d.ts" />
/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { assetFiles } from '../../../../pwa/src/adapters/backgrounds/asset-files.ts?served'
import { createBackgrounds } from '../../../../pwa/src/adapters/backgrounds/processor.ts'
import type { FromWorker } from '../../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import type { BackgroundEffect } from '../../../../pwa/src/background-ports.ts'
import type { Effect } from '../backgrounds-bench/contender.ts'
import { keyImage, openStage } from '../backgrounds-bench/stage.ts'

const workers: Worker[] = []
let open: number | null = null

function createWorker(): Worker {
  const worker = new Worker(new URL('../../../../pwa/src/adapters/backgrounds/worker/frame-worker.ts', import.meta.url), {
    type: 'module',
  })
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'figures') open = data.figures.open
  })
  workers.push(worker)
  return worker
}

const effectOf = async (kind: Effect): Promise<BackgroundEffect> => (kind === 'image' ? { kind, image: await keyImage() } : { kind })

const backgrounds = createBackgrounds({ files: assetFiles, createWorker })

openStage(async (camera, effect) => {
  const answer = await backgrounds.process(camera, await effectOf(effect))
  if (!answer.ok) throw new Error(answer.error)
  const processed = answer.value
  return {
    track: processed.track,
    onTrack: (listener) => processed.subscribe((event) => event.kind === 'replaced' && listener(event.track)),
    switchTo: async (next) => processed.setEffect(await effectOf(next)),
    setCamera: async (next) => processed.setCamera(next),
    crash() {
      workers.at(-1)?.terminate()
      return true
    },
    open: () => open,
    reportLoad: processed.reportLoad,
  }
})
