import { arrivalChime, bell } from '@alcove/shared/domain/chime'

export type Ring = {
  /** Again and again until `stop`. @returns whether it can be heard, as far as a program can know. */
  start(): Promise<boolean>
  /** Once. */
  test(): Promise<boolean>
  stop(): void
}

const resumeMs = 500
const watchMs = 250

/** The app's chime in a part of the extension that may play sound. Computed, not loaded. */
export function createRing(): Ring {
  let playing: { readonly context: AudioContext; readonly source: AudioBufferSourceNode; readonly analyser: AnalyserNode } | null = null

  function begin(isRepeated: boolean): void {
    const context = new AudioContext()
    const buffer = context.createBuffer(1, Math.round(arrivalChime.lengthS * context.sampleRate), context.sampleRate)
    buffer.copyToChannel(bell(arrivalChime, context.sampleRate), 0)
    const source = context.createBufferSource()
    source.buffer = buffer
    source.loop = isRepeated
    const analyser = context.createAnalyser()
    source.connect(analyser).connect(context.destination)
    source.start()
    playing = { context, source, analyser }
  }

  function stop(): void {
    const ended = playing
    playing = null
    void ended?.context.close()
  }

  /** The promise of `resume()` says too little: the clock must move, and what leaves must be more than silence. */
  async function isHeard(): Promise<boolean> {
    const now = playing
    if (!now || isRefused()) return false
    await Promise.race([now.context.resume(), wait(resumeMs)])
    const from = now.context.currentTime
    const samples = new Float32Array(now.analyser.fftSize)
    let loudest = 0
    for (let passed = 0; passed < watchMs; passed += 25) {
      await wait(25)
      now.analyser.getFloatTimeDomainData(samples)
      for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample))
    }
    return now.context.state === 'running' && now.context.currentTime > from && loudest > 0.01
  }

  return {
    async start() {
      if (playing?.source.loop) return isLive(playing.context)
      stop()
      begin(true)
      return isHeard()
    },
    async test() {
      if (playing?.source.loop) return isHeard()
      stop()
      begin(false)
      return isHeard()
    },
    stop,
  }
}

/** Firefox says it beforehand; nobody else has the question. */
function isRefused(): boolean {
  const asked = navigator as Navigator & { readonly getAutoplayPolicy?: (kind: 'audiocontext') => string }
  return asked.getAutoplayPolicy?.('audiocontext') === 'disallowed'
}

/** Whether a ring that was found to be heard still is: the chime itself is silent most of the time. */
async function isLive(context: AudioContext): Promise<boolean> {
  const from = context.currentTime
  await wait(watchMs)
  return context.state === 'running' && context.currentTime > from
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
