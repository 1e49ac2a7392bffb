/**
 * How much care each camera frame gets, so that a background costs no more than the computer has: steps down when frames take too
 * long, when the encoder or the sound suffers, and up again, slower each time that going up was a mistake. Pure: windows of about
 * a second come in as events.
 */

export type FrameStep = {
  /** A new mask for every n-th frame. */
  readonly maskEvery: number
  /** `suited`: the one that suits the picture's shape best; `light`: the one that costs least. */
  readonly model: 'suited' | 'light'
  /** Lines of the picture that the camera is asked for, at most. */
  readonly maxHeight: number
}

export const frameSteps: readonly [FrameStep, ...FrameStep[]] = [
  { maskEvery: 1, model: 'suited', maxHeight: 720 },
  { maskEvery: 2, model: 'suited', maxHeight: 720 },
  { maskEvery: 3, model: 'light', maxHeight: 720 },
  { maskEvery: 2, model: 'light', maxHeight: 360 },
  { maskEvery: 3, model: 'light', maxHeight: 360 },
]

/** What was seen in one window of time. */
export type FrameWindow = {
  /** Frames that the camera gave, and those of them that went out processed. */
  readonly framesIn: number
  readonly framesOut: number
  /** How long the window was, and how much of it went into the work on frames. */
  readonly lengthMs: number
  readonly busyMs: number
  /** The encoder says that it lowers quality because of the processor. */
  readonly encoderLimited: boolean
  /** Sound was missing or concealed. */
  readonly soundSuffers: boolean
}

export type FrameBudget = {
  readonly step: number
  readonly badWindows: number
  readonly goodWindows: number
  /** So many good windows in a row before the next step up. */
  readonly patience: number
  /** Windows since the last step up; a step down soon after says that it was a mistake. */
  readonly sinceUp: number
  readonly keepsUp: boolean
}

export type FrameBudgetEffect =
  | { readonly kind: 'step'; readonly step: FrameStep }
  /** At the lowest step and still too slow: the person is told, and chooses between no background and no camera. */
  | { readonly kind: 'cannot-keep-up' }
  | { readonly kind: 'keeps-up-again' }

const badInARow = 2
const goodInARow = 5
const mostPatience = 80
const badAtTheLowest = 4
/** Windows with less than this share of the camera's frames are bad; so are those busier than that share of the time. */
const framesOutShare = 0.85
const busyShare = 0.8
/** There is room for a step up when the work takes less than this share of the time. */
const roomShare = 0.45
/** Windows after a step up in which a step down says that it was a mistake. */
const mistakeWithin = 10

export const initialFrameBudget: FrameBudget = {
  step: 0,
  badWindows: 0,
  goodWindows: 0,
  patience: goodInARow,
  sinceUp: mistakeWithin,
  keepsUp: true,
}

export function frameStep(budget: FrameBudget): FrameStep {
  return frameSteps[budget.step] ?? frameSteps[0]
}

function judge(window: FrameWindow): 'bad' | 'good' | 'even' {
  // A camera that gives nothing (in use elsewhere, asleep) says nothing about the computer.
  if (window.framesIn === 0 || window.lengthMs <= 0) return 'even'
  const busy = window.busyMs / window.lengthMs
  const out = window.framesOut / window.framesIn
  if (window.encoderLimited || window.soundSuffers || out < framesOutShare || busy > busyShare) return 'bad'
  return busy < roomShare && out > 0.95 ? 'good' : 'even'
}

export function reduceFrameBudget(
  budget: FrameBudget,
  window: FrameWindow,
): { readonly state: FrameBudget; readonly effects: readonly FrameBudgetEffect[] } {
  const verdict = judge(window)
  const sinceUp = Math.min(budget.sinceUp + 1, mistakeWithin)
  const badWindows = verdict === 'bad' ? budget.badWindows + 1 : 0
  const goodWindows = verdict === 'good' ? budget.goodWindows + 1 : 0
  const next = { ...budget, badWindows, goodWindows, sinceUp }
  const lowest = frameSteps.length - 1

  if (badWindows >= badInARow && budget.step < lowest) {
    const mistake = budget.sinceUp < mistakeWithin
    const patience = mistake ? Math.min(budget.patience * 2, mostPatience) : budget.patience
    return move({ ...next, patience, sinceUp: mistakeWithin }, budget.step + 1)
  }
  if (badWindows >= badAtTheLowest && budget.keepsUp) return { state: { ...next, keepsUp: false }, effects: [{ kind: 'cannot-keep-up' }] }
  if (goodWindows >= goodInARow && !budget.keepsUp) {
    return { state: { ...next, keepsUp: true, goodWindows: 0 }, effects: [{ kind: 'keeps-up-again' }] }
  }
  if (goodWindows >= budget.patience && budget.step > 0 && budget.keepsUp) return move({ ...next, sinceUp: 0 }, budget.step - 1)
  return { state: next, effects: [] }
}

function move(budget: FrameBudget, step: number): { readonly state: FrameBudget; readonly effects: readonly FrameBudgetEffect[] } {
  const state = { ...budget, step, badWindows: 0, goodWindows: 0 }
  return { state, effects: [{ kind: 'step', step: frameStep(state) }] }
}
