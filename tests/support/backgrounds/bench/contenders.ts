import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { prepareModel } from '../../../../scripts/prepare-model.mjs'
import { type ServedLab, serveLab } from '../serve-lab.ts'

export type Contenders = { readonly ours: ServedLab; readonly peer: ServedLab; close(): Promise<void> }

/** The peer pins a runtime of its own, which loads a model with our metadata as well. Its files may be kept for good, as ours. */
function peerFiles(): ReadonlyMap<string, Uint8Array> {
  const require = createRequire(import.meta.url)
  const processors = createRequire(require.resolve('@livekit/track-processors'))
  const wasm = join(dirname(processors.resolve('@mediapipe/tasks-vision')), 'wasm')
  const files = new Map<string, Uint8Array>()
  for (const name of readdirSync(wasm)) files.set(`/assets/peer/${name}`, readFileSync(join(wasm, name)))
  files.set(
    '/assets/peer/model.tflite',
    prepareModel(readFileSync(require.resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite'))),
  )
  return files
}

export async function serveContenders(): Promise<Contenders> {
  const ours = await serveLab({ page: 'backgrounds-ours', asServed: true })
  const peer = await serveLab({ page: 'backgrounds-peer', files: peerFiles(), policy: false, asServed: true })
  return {
    ours,
    peer,
    async close() {
      await ours.close()
      await peer.close()
    },
  }
}
