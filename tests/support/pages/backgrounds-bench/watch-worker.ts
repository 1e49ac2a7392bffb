/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { countFrames, createLook } from '../backgrounds-lab/watch.ts'
import { takePictures } from './pictures.ts'
import type { Answer, Question } from './watcher.ts'

/** Looks at frames where that keeps nobody's window from working. */
const { look, seen } = createLook()
let reader: ReadableStreamDefaultReader<VideoFrame> | null = null
const answer = (message: Answer, transfer: Transferable[] = []) => globalThis.postMessage(message, { transfer })

async function watch(frames: ReadableStream<VideoFrame>): Promise<void> {
  const own = frames.getReader()
  reader = own
  for (;;) {
    const { done, value } = await own.read()
    if (done) return
    if (reader === own) look(value)
    value.close()
    if (reader !== own) return void own.cancel()
    answer({ kind: 'seen', seen: seen() })
  }
}

globalThis.onmessage = async ({ data }: MessageEvent<Question>) => {
  if (data.kind === 'watch') return watch(data.frames)
  // Whoever looks at every frame costs more than what is measured.
  reader = null
  if (data.kind === 'rest') return
  if (data.kind === 'count') return answer({ kind: 'counted', counted: await countFrames(data.frames, data.lengthMs) })
  const pictures = await takePictures(data.frames, data.count, data.size)
  answer(
    { kind: 'pictures', pictures },
    pictures.map((one) => one.buffer),
  )
}
