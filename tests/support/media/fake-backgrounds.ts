import { err, ok, type Result } from '@alcove/shared/domain/result'
import type {
  BackgroundEffect,
  BackgroundEvent,
  BackgroundLoad,
  BackgroundProblem,
  BackgroundProgress,
  Backgrounds,
  ProcessedCamera,
} from '../../../pwa/src/background-ports.ts'
import { FakeTrack } from './fake-computer.ts'

export type FakeProcess = {
  readonly effects: BackgroundEffect[]
  readonly cameras: (MediaStreamTrack | null)[]
  readonly loads: BackgroundLoad[]
  closed: boolean
  track: FakeTrack
  emit(event: BackgroundEvent): void
  /** As when a worker dies and another one takes its place. */
  replace(): void
}

type Fetch = {
  readonly signal: AbortSignal
  progress(progress: BackgroundProgress): void
  end(result: Result<null, BackgroundProblem>): void
}

/** Backgrounds that fetch and begin when told, and remember what was asked of them. */
export function createFakeBackgrounds() {
  const processes: FakeProcess[] = []
  const fetches: Fetch[] = []
  const starts: (() => void)[] = []
  const made: FakeTrack[] = []
  let atOnce = false
  let startProblem: BackgroundProblem | null = null

  function newTrack(): FakeTrack {
    const track = new FakeTrack('video', 'processed', `processed-${made.length}`)
    made.push(track)
    return track
  }

  function begin(camera: MediaStreamTrack, effect: BackgroundEffect): Result<ProcessedCamera, BackgroundProblem> {
    if (startProblem) return err(startProblem)
    const listeners = new Set<(event: BackgroundEvent) => void>()
    const process: FakeProcess = {
      effects: [effect],
      cameras: [camera],
      loads: [],
      closed: false,
      track: newTrack(),
      emit(event) {
        for (const listener of [...listeners]) listener(event)
      },
      replace() {
        process.emit({ kind: 'interrupted' })
        process.track.stop()
        process.track = newTrack()
        process.emit({ kind: 'replaced', track: process.track as unknown as MediaStreamTrack })
      },
    }
    processes.push(process)
    return ok({
      track: () => process.track as unknown as MediaStreamTrack,
      setEffect: (next) => void process.effects.push(next),
      setCamera: (next) => void process.cameras.push(next),
      reportLoad: (load) => void process.loads.push(load),
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close() {
        process.closed = true
        process.track.stop()
        listeners.clear()
      },
    })
  }

  const backgrounds: Backgrounds = {
    support: () => 'available',
    alreadyBlurred: () => false,
    fetchAhead: (signal, progress) =>
      new Promise((resolve) => {
        if (atOnce) return resolve(ok(null))
        const end = (result: Result<null, BackgroundProblem>) => {
          fetches.splice(fetches.indexOf(fetch), 1)
          resolve(result)
        }
        const fetch: Fetch = { signal, progress, end }
        signal.addEventListener('abort', () => end(err('cancelled')))
        fetches.push(fetch)
      }),
    process: (camera, effect, signal) =>
      new Promise((resolve) => {
        const start = () => resolve(signal?.aborted ? err('cancelled') : begin(camera, effect))
        if (atOnce) start()
        else starts.push(start)
      }),
  }

  return {
    backgrounds,
    processes,
    fetches,
    /** Tracks that were handed out, of whatever process. */
    made,
    last: () => processes.at(-1),
    startNext: () => starts.shift()?.(),
    /** From now on nothing waits to be told. */
    hurry() {
      atOnce = true
    },
    failStarts(problem: BackgroundProblem | null) {
      startProblem = problem
    },
  }
}
