import type { BackgroundEvent, BackgroundLoad } from '../../background-ports.ts'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { AssetFiles } from './asset-files.ts'
import type { FrameRoute, Send } from './frame-routes.ts'
import type { FromWorker, WorkerEffect } from './worker/messages.ts'

/** `not-loaded`: its code could not be had. */
export type Death = 'broken' | 'not-loaded'

/** One worker and its track, from its start to its end. */
export type Life = {
  readonly track: MediaStreamTrack
  setEffect(effect: WorkerEffect): void
  /** Null: it is off. */
  setCamera(camera: MediaStreamTrack | null): void
  reportLoad(load: BackgroundLoad): void
  end(): void
}

export type LifeOptions = {
  readonly files: AssetFiles
  readonly createWorker: () => Worker
  readonly connect: (worker: Worker, send: Send) => Promise<FrameRoute>
  readonly camera: MediaStreamTrack | null
  readonly effect: WorkerEffect
  readonly emit: (event: BackgroundEvent) => void
  readonly limitHeight: (lines: number) => void
  /** It has ended by itself, after it had started. */
  readonly died: (how: Death) => void
}

const watchEveryMs = 1000
/**
 * So many looks may pass without an answer, or with the same frame under way. Looks are counted, not time: in a hidden tab they
 * come rarely, and after a computer's sleep not at all. What starts may take longer: there is much to compile.
 */
const looksWhenRunning = 4
const looksWhenStarting = 20
/** A camera that is on and gives nothing for so many looks is connected again. */
const looksWithoutFrames = 6
/** A worker that is asked to close does so by itself; one that hangs does not hear it. */
const closeWithinMs = 500

export async function startLife(options: LifeOptions): Promise<Result<Life, Death>> {
  const { files, createWorker, connect, camera, effect, emit, limitHeight, died } = options
  const worker = createWorker()
  let current = camera
  let route: FrameRoute | null = null
  let ended = false
  let heard = false
  let processing = false
  let isGone = false
  let looksSincePing = 0
  let looksStuck = 0
  let looksSinceFrames = 0
  let waitsForPong = false
  let failStart = (_: Death) => {}

  const send: Send = (message, transfer = []) => worker.postMessage(message, transfer)

  function end(): void {
    if (ended) return
    ended = true
    clearInterval(watch)
    send({ kind: 'close' })
    route?.close()
    setTimeout(() => worker.terminate(), closeWithinMs)
  }
  function die(how: Death = 'broken'): void {
    if (ended) return
    end()
    if (route) died(how)
    else failStart(how)
  }

  function look(): void {
    const limit = processing ? looksWhenRunning : looksWhenStarting
    looksSincePing += 1
    if (waitsForPong && looksSincePing > limit) return die()
    if (looksStuck > limit) return die()
    if (!waitsForPong) {
      waitsForPong = true
      looksSincePing = 0
      send({ kind: 'ping' })
    }
    lookAtCamera()
  }
  function lookAtCamera(): void {
    if (!current) return
    if (current.readyState === 'ended') {
      if (!isGone) route?.setCamera(null)
      isGone = true
      return
    }
    looksSinceFrames = current.enabled && !current.muted ? looksSinceFrames + 1 : 0
    if (looksSinceFrames < looksWithoutFrames) return
    looksSinceFrames = 0
    connectCamera(current)
  }
  function connectCamera(next: MediaStreamTrack | null): void {
    isGone = next?.readyState !== 'live'
    looksSinceFrames = 0
    try {
      route?.setCamera(isGone ? null : next)
    } catch {
      // It ended this very moment.
      isGone = true
    }
  }
  const watch = setInterval(look, watchEveryMs)

  worker.addEventListener('error', (event) => die(heard || (event as Partial<ErrorEvent>).message ? 'broken' : 'not-loaded'))
  worker.addEventListener('messageerror', () => die())
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    heard = true
    if (ended) return
    switch (data.kind) {
      case 'pong':
        waitsForPong = false
        looksStuck = data.stuckMs > watchEveryMs ? looksStuck + 1 : 0
        return
      case 'figures':
        looksSinceFrames = 0
        return
      case 'max-height':
        return limitHeight(data.lines)
      case 'gave-up':
        return die()
      case 'processing':
        processing = true
        return emit(data)
      case 'progress':
      case 'interrupted':
      case 'cannot-keep-up':
      case 'keeps-up-again':
      case 'failed':
        return emit(data)
    }
  })

  const early = new Promise<Death>((resolve) => {
    failStart = resolve
  })
  // No way for frames is the same as no worker.
  const connected = await Promise.race([connect(worker, send).catch((): Death => 'broken'), early])
  if (typeof connected === 'string') {
    end()
    return err(connected)
  }
  route = connected
  const sendEffect = (kind: 'start' | 'effect', next: WorkerEffect) =>
    send(kind === 'start' ? { kind, files, effect: next } : { kind, effect: next }, next.kind === 'image' ? [next.image] : [])
  sendEffect('start', effect)
  connectCamera(camera)
  return ok({
    track: connected.track,
    setEffect: (next) => sendEffect('effect', next),
    setCamera(next) {
      current = next
      connectCamera(next)
    },
    reportLoad: ({ encoderLimited, soundSuffers }) => send({ kind: 'load', encoderLimited, soundSuffers }),
    end,
  })
}
