import { type FrameBudget, type FrameStep, frameStep, initialFrameBudget, reduceFrameBudget } from '@alcove/shared/domain/frame-budget'
import type { FrameFigures, FromWorker } from './messages.ts'

export type CallLoad = { readonly encoderLimited: boolean; readonly soundSuffers: boolean }

export type BudgetCare = {
  /** The call's last word; it counts for a while, since a call that ended says nothing more. */
  load(load: CallLoad): void
  figures(figures: FrameFigures): void
  /** A pipeline has begun: what its start took says nothing of what its frames will take. */
  began(): void
}

const quiet: CallLoad = { encoderLimited: false, soundSuffers: false }
const loadCountsMs = 10_000

/** Feeds the budget what the pump measured and the call said, and does what comes out of it. */
export function createBudgetCare(deps: {
  readonly now: () => number
  readonly setStep: (step: FrameStep) => void
  readonly tell: (message: FromWorker) => void
}): BudgetCare {
  let budget: FrameBudget = initialFrameBudget
  let load = quiet
  let loadAt = Number.NEGATIVE_INFINITY
  let isFirst = true
  return {
    load(next) {
      load = next
      loadAt = deps.now()
    },
    began() {
      isFirst = true
    },
    figures(figures) {
      if (figures.framesOut === 0) return
      if (isFirst) {
        isFirst = false
        return
      }
      const counts = deps.now() - loadAt <= loadCountsMs ? load : quiet
      const { state, effects } = reduceFrameBudget(budget, { ...figures, ...counts })
      budget = state
      for (const effect of effects) {
        if (effect.kind === 'step') {
          deps.setStep(frameStep(budget))
          deps.tell({ kind: 'max-height', lines: effect.step.maxHeight })
        } else deps.tell({ kind: effect.kind })
      }
    },
  }
}
