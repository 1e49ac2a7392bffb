import type { DocumentId } from '@alcove/shared/domain/ids'
import type { Stop } from '../../ports.ts'
import type { AppendEnd } from './log-appender.ts'
import type { SyncStore } from '../../sync-ports.ts'
import type { LogContext } from './log-context.ts'
import type { LogWriting } from './log-write.ts'

/** What others made is written by them; only what then still lacks is written by whoever has it. */
const afterMs = 5_000
const spreadMs = 10_000
/** The first time on a connection: what was made here while it was away. */
const soonAfterMs = 1_000
const soonSpreadMs = 2_000

/** Holds the documents here against their logs, and writes what lacks there and nobody else has written. */
export type LogSweep = {
  plan(when: 'now' | 'soon' | 'later'): void
  /** A change came from another device, whose author has the first word. */
  came(document: DocumentId): void
  /** Everything that the server told of is read. `isFirst`: on this connection. */
  ready(isFirst: boolean): void
  lost(): void
  isWriting(): boolean
  /** On this connection, and since a log began anew: nothing here lacks there, as far as this device knows. */
  isCompared(): boolean
  close(): void
}

export type SweepDeps = {
  readonly context: Pick<LogContext, 'clock' | 'random' | 'memory'> & { readonly store: Pick<SyncStore, 'changedSince'> }
  readonly writing: LogWriting
  readonly mayGoOn: () => boolean
  /** The chain's log and own changes come first. False: they could not be written. */
  readonly prepare: () => Promise<boolean>
  readonly isPending: (document: DocumentId) => boolean
  readonly went: (end: AppendEnd) => boolean
  readonly onWhole: () => void
  readonly changed: () => void
}

export function createLogSweep(deps: SweepDeps): LogSweep {
  const { context, writing } = deps
  const { clock, memory, store } = context
  const cameAt = new Map<DocumentId, number>()
  let stopTimer: Stop | null = null
  let dueAt = Number.POSITIVE_INFINITY
  /** Wanted, and not done to its end since. */
  let isDue = false
  let isRunning = false
  let isWriting = false
  let isComparing = false
  let isCompared = false

  function plan(when: 'now' | 'soon' | 'later'): void {
    const [after, spread] = { now: [0, 0], soon: [soonAfterMs, soonSpreadMs], later: [afterMs, spreadMs] }[when] as [number, number]
    const delayMs = after + context.random() * spread
    isDue = true
    if (stopTimer && dueAt <= clock.now() + delayMs) return
    stopTimer?.()
    dueAt = clock.now() + delayMs
    stopTimer = clock.after(delayMs, () => {
      stopTimer = null
      dueAt = Number.POSITIVE_INFINITY
      if (isRunning) return plan(when === 'now' ? 'soon' : when)
      isRunning = true
      void sweep()
        .catch(() => undefined)
        .finally(() => {
          isRunning = false
          isWriting = false
          deps.changed()
        })
    })
  }

  async function sweep(): Promise<void> {
    if (!deps.mayGoOn() || !(await deps.prepare())) return
    isDue = false
    const { mark: before } = memory.cover()
    const { documents, mark } = await store.changedSince(before)
    let isWhole = true
    for (const document of shuffled(documents)) {
      if (!deps.mayGoOn()) return putOff()
      isWhole = (await sweepOne(document)) && isWhole
    }
    for (const { document } of [...memory.pages()]) {
      if (!deps.mayGoOn()) return putOff()
      const end = await writing.fence(document)
      if (end) deps.went(end)
    }
    // Somebody who begins a log anew meanwhile wants all of them looked at again.
    if (memory.cover().mark !== before) return plan('soon')
    if (!isWhole) return putOff()
    isCompared = true
    deps.onWhole()
    if (mark !== before) memory.note({ mark })
  }

  /** It goes on when this device can write again. */
  function putOff(): void {
    isDue = true
  }

  async function sweepOne(document: DocumentId): Promise<boolean> {
    if (deps.isPending(document)) return false
    if (Math.abs(clock.now() - (cameAt.get(document) ?? 0)) < afterMs) {
      plan('later')
      return false
    }
    cameAt.delete(document)
    if (!(await writing.lacking(document))) {
      await writing.confirm(document)
      return true
    }
    isWriting = true
    deps.changed()
    const end = await writing.write(document, () => writing.lacking(document))
    if (end === 'nothing') await writing.confirm(document)
    if (!deps.went(end) && end !== 'nothing') return false
    // It may not have counted: a new practice key came before it, or nothing may be written until there is one.
    if (!(await writing.lacking(document))) return true
    plan('later')
    return false
  }

  /** Before it is this device's turn to write: whether there is anything to write decides what the screen may say. */
  async function compare(): Promise<void> {
    if (isComparing) return
    isComparing = true
    try {
      const { mark } = memory.cover()
      for (const document of (await store.changedSince(mark)).documents) if (await writing.lacking(document)) return
      if (!deps.mayGoOn() || memory.cover().mark !== mark) return
      isCompared = true
      deps.changed()
    } finally {
      isComparing = false
    }
  }

  /** Several devices that do this at the same time do not write the same. */
  function shuffled(list: readonly DocumentId[]): readonly DocumentId[] {
    return list
      .map((document) => ({ document, rank: context.random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ document }) => document)
  }

  function stop(): void {
    stopTimer?.()
    stopTimer = null
    dueAt = Number.POSITIVE_INFINITY
  }

  return {
    plan,
    came(document) {
      cameAt.set(document, clock.now())
      plan('later')
    },
    ready(isFirst) {
      if (isFirst || memory.cover().mark === 0) isCompared = false
      if (isCompared) return isDue && !stopTimer ? plan('soon') : undefined
      plan(isFirst ? 'soon' : 'later')
      void compare().catch(() => undefined)
    },
    lost() {
      stop()
      isCompared = false
    },
    isWriting: () => isWriting,
    isCompared: () => isCompared,
    close: stop,
  }
}
