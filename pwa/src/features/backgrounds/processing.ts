import type { BackgroundChoice } from '@alcove/shared/domain/background'
import { err } from '@alcove/shared/domain/result'
import type {
  BackgroundEffect,
  BackgroundEvent,
  BackgroundLoad,
  BackgroundProblem,
  Backgrounds,
  BackgroundSupport,
  ProcessedCamera,
} from '../../background-ports.ts'
import type { BackgroundPhase } from './background-control.ts'

export type ProcessingDeps = {
  /** Rejects when the code could not be fetched. */
  readonly load: () => Promise<Backgrounds>
  readonly support: () => BackgroundSupport
  /** Null when there is no such image (any more). */
  readonly imageOf: (id: string) => Promise<Blob | null>
  /** Phase or track is another one. What was replaced is closed only afterwards. */
  readonly changed: () => void
}

/** The processing of one camera, from the fetching of what it takes to its end; begun and ended by camera-with-background.ts. */
export type Processing = {
  /** Null until there is one; then the other side sees black. */
  track(): MediaStreamTrack | null
  phase(): BackgroundPhase
  keepsUp(): boolean
  /** The camera's pictures are needed. While files are fetched, and after a failure that is final, they are not. */
  needsPictures(): boolean
  /** Goes on, or begins, with this camera and this choice. Null: the camera is off, and nothing begins. What failed stays failed. */
  run(choice: BackgroundChoice, camera: MediaStreamTrack | null): void
  /** What failed may be tried again. */
  forgive(): void
  /** Fetches what it takes, before there is a camera. */
  fetchAhead(): void
  /** Ends, and forgets what failed. What is being fetched goes on, for the next time. */
  rest(): void
  /** Ends, and fetches nothing more. */
  stop(): void
  reportLoad(load: BackgroundLoad): void
}

export const isSameChoice = (one: BackgroundChoice, other: BackgroundChoice): boolean =>
  one.kind === 'image' && other.kind === 'image' ? one.id === other.id : one.kind === other.kind

type Attempt = { readonly choice: BackgroundChoice; readonly over: AbortController }
type Fetching = { readonly result: Promise<{ backgrounds: Backgrounds } | BackgroundProblem>; cancel(): void }

export function createProcessing({ load, support, imageOf, changed }: ProcessingDeps): Processing {
  let phase: BackgroundPhase = { kind: 'off' }
  let keepsUp = true
  let camera: MediaStreamTrack | null = null
  let processed: ProcessedCamera | null = null
  /** Its track shows nothing any more; it may still be replaced. */
  let isDead = false
  /** What `processed` was told last. */
  let told: { camera: MediaStreamTrack | null; choice: BackgroundChoice } | null = null
  /** Only the last one counts: whatever an older one still brings ends. */
  let attempt: Attempt | null = null
  let fetching: Fetching | null = null

  function become(next: BackgroundPhase): void {
    phase = next
    changed()
  }

  function fail(problem: BackgroundProblem): void {
    dropAttempt()
    const old = processed
    processed = null
    become({ kind: 'failed', problem })
    old?.close()
  }

  function dropAttempt(): void {
    attempt?.over.abort()
    attempt = null
  }

  async function effectOf(choice: BackgroundChoice): Promise<BackgroundEffect | null> {
    if (choice.kind === 'none') return null
    if (choice.kind !== 'image') return choice
    const image = await imageOf(choice.id).catch(() => null)
    return image && { kind: 'image', image }
  }

  /** One fetching at a time, which another choice goes on with. */
  function fetched(): Fetching {
    if (fetching) return fetching
    const stopper = new AbortController()
    async function fetchAll(): Promise<{ backgrounds: Backgrounds } | BackgroundProblem> {
      const backgrounds = await load().catch(() => null)
      if (stopper.signal.aborted) return 'cancelled'
      if (!backgrounds) return 'not-fetched'
      const answer = await backgrounds.fetchAhead(stopper.signal, (progress) => {
        if (phase.kind === 'loading' && !stopper.signal.aborted) become({ kind: 'loading', ...progress })
      })
      return answer.ok ? { backgrounds } : answer.error
    }
    const mine: Fetching = { result: fetchAll(), cancel: () => stopper.abort() }
    fetching = mine
    void mine.result.then(() => {
      if (fetching === mine) fetching = null
    })
    return mine
  }

  async function begin(choice: BackgroundChoice): Promise<void> {
    dropAttempt()
    const mine: Attempt = { choice, over: new AbortController() }
    attempt = mine
    become({ kind: 'loading', loadedBytes: 0, totalBytes: 0 })
    if (support() !== 'available') return fail('not-started')
    const [files, effect] = await Promise.all([fetched().result, effectOf(choice)])
    if (attempt !== mine) return
    if (typeof files === 'string') return fail(files)
    if (!effect) return fail('image-missing')
    if (!camera) {
      attempt = null
      return become({ kind: 'off' })
    }
    become({ kind: 'starting' })
    const begun = camera
    const made = await files.backgrounds.process(begun, effect, mine.over.signal).catch(() => err('not-started' as const))
    if (attempt !== mine) return made.ok ? made.value.close() : undefined
    if (!made.ok) return fail(made.error)
    attempt = null
    processed = made.value
    isDead = false
    told = { camera: begun, choice }
    keepsUp = true
    made.value.subscribe((event) => processed === made.value && hear(event))
    if (camera !== begun) useCamera(made.value, camera)
    changed()
  }

  function hear(event: BackgroundEvent): void {
    switch (event.kind) {
      case 'progress':
        return
      case 'processing':
        // Also the worker that had failed, and went on trying by itself, with the same track.
        isDead = false
        return become({ kind: 'on' })
      case 'interrupted':
        return become({ kind: 'interrupted' })
      case 'replaced':
        // What the worker before it said counts no more.
        keepsUp = true
        if (!isDead) return changed()
        isDead = false
        return become({ kind: 'starting' })
      case 'cannot-keep-up':
      case 'keeps-up-again':
        keepsUp = event.kind === 'keeps-up-again'
        return changed()
      case 'failed':
        isDead = true
        return become({ kind: 'failed', problem: event.problem })
    }
  }

  function useCamera(by: ProcessedCamera, next: MediaStreamTrack | null): void {
    if (told) told = { ...told, camera: next }
    try {
      by.setCamera(next)
    } catch {
      // A camera that ended in this moment.
      fail('not-started')
    }
  }

  /** Until an image is there, the pictures of the old effect go on. */
  async function useChoice(by: ProcessedCamera, choice: BackgroundChoice): Promise<void> {
    if (told) told = { ...told, choice }
    if (choice.kind === 'light' || choice.kind === 'blur') return by.setEffect(choice)
    const effect = await effectOf(choice)
    if (processed !== by || !told || !isSameChoice(told.choice, choice)) return
    if (effect) by.setEffect(effect)
    else fail('image-missing')
  }

  function rest(): void {
    dropAttempt()
    camera = null
    told = null
    keepsUp = true
    const old = processed
    processed = null
    if (phase.kind !== 'off') become({ kind: 'off' })
    old?.close()
  }

  return {
    track: () => (isDead ? null : (processed?.track() ?? null)),
    phase: () => phase,
    keepsUp: () => keepsUp,
    needsPictures: () => processed !== null || phase.kind === 'starting',
    run(choice, next) {
      camera = next
      if (processed && told) {
        if (told.camera !== next) useCamera(processed, next)
        if (!isSameChoice(told.choice, choice)) void useChoice(processed, choice)
      } else if (attempt ? !isSameChoice(attempt.choice, choice) : next && phase.kind !== 'failed') void begin(choice)
    },
    forgive() {
      if (phase.kind !== 'failed') return
      phase = { kind: 'off' }
      processed?.close()
      processed = null
    },
    fetchAhead: () => void fetched(),
    rest,
    stop() {
      fetching?.cancel()
      fetching = null
      rest()
    },
    reportLoad: (load) => processed?.reportLoad(load),
  }
}
