import type { DocumentId } from '@alcove/shared/domain/ids'
import { endSeenFrom } from '@alcove/shared/domain/log-reading'
import type { LogPosition } from '@alcove/shared/domain/sealed-log'
import type { Stop } from '../../ports.ts'
import type { LogContext, Turns } from './log-context.ts'
import type { LogDoubt, LogReader, ReadEnd } from './log-reader.ts'

/** Logs that are read at the same time: enough to fill the line and both hands. */
const maxAtOnce = 6
const againMs: readonly number[] = [5_000, 30_000, 120_000, 600_000]

export type Progress = { readonly done: number; readonly total: number }

/** What is to be read, in which order: the chain first, what is on the screen, the practice, the rest. */
export type ReadQueue = {
  /** The server says that a log ends there. */
  ends(document: DocumentId, end: LogPosition): void
  /** Read it again from its beginning. */
  doubt(document: DocumentId, kind: LogDoubt): void
  isBehind(document: DocumentId): boolean
  /** It could not be read to its end, for whatever reason; it is tried again. */
  isStuck(document: DocumentId): boolean
  wasRead(document: DocumentId, end: ReadEnd): void
  /** Reads the chain's log, whoever asks, to where it ends by then. True: so far. */
  readChain(): Promise<boolean>
  /** Everything that the server told of is read, as far as it can be. */
  isIdle(): boolean
  /** Of the reading that is going on; null when there is none. */
  progress(): Progress | null
  /** How many logs could not be read to their end. */
  stuckLogs(): number
  pause(): void
  resume(): void
  isPaused(): boolean
  /** A key, a writer or room on the disk may have come. */
  retry(): void
  pump(): void
  /** The connection is gone: the next one tells anew. */
  clear(): void
}

export type QueueDeps = {
  readonly context: LogContext
  readonly turns: Turns
  readonly reader: () => LogReader
  readonly changed: () => void
  readonly onIdle: () => void
}

type Due = { end: LogPosition | null; doubt: LogDoubt | null }

export function createReadQueue(deps: QueueDeps): ReadQueue {
  const { context } = deps
  const due = new Map<DocumentId, Due>()
  const reading = new Set<DocumentId>()
  /** Could not be read to its end; waits for something, or for a while. */
  const stuck = new Map<DocumentId, { readonly due: Due; readonly stop: Stop }>()
  const failures = new Map<DocumentId, number>()
  let chainTurn: Promise<boolean> | null = null
  let nextChainTurn: Promise<boolean> | null = null
  let total = 0
  let done = 0
  let isPaused = false

  function want(document: DocumentId, next: Due): void {
    stuck.get(document)?.stop()
    stuck.delete(document)
    if (!due.has(document)) total++
    const before = due.get(document)
    due.set(document, { end: next.end ?? before?.end ?? null, doubt: next.doubt ?? before?.doubt ?? null })
    pump()
  }

  function pump(): void {
    if (isPaused || !context.connection() || context.isClosed()) return deps.changed()
    while (reading.size < maxAtOnce) {
      const next = pick()
      if (next === null) break
      reading.add(next)
      void read(next).finally(() => {
        reading.delete(next)
        pump()
        if (isIdle()) idle()
      })
    }
    deps.changed()
  }

  function idle(): void {
    total = 0
    done = 0
    deps.onIdle()
  }

  function pick(): DocumentId | null {
    const place = context.place()
    if (!place) return null
    const { chainLog } = place
    if (reading.has(chainLog)) return null
    if (due.has(chainLog)) return chainLog
    const waiting = (document: DocumentId) => due.has(document) && !reading.has(document)
    const first = [...openDocuments(), context.store.practiceDocument()].find(waiting)
    if (first !== undefined) return first
    for (const document of due.keys()) if (!reading.has(document)) return document
    return null
  }

  function openDocuments(): readonly DocumentId[] {
    return context.store.openDocuments()
  }

  async function read(document: DocumentId): Promise<void> {
    await deps.turns.run(document, async () => {
      const wanted = due.get(document)
      if (!wanted || !context.connection()) return
      // What is asked for from here on is another matter.
      due.set(document, { end: wanted.end, doubt: null })
      const page = context.memory.page(document)
      const isThere = !wanted.doubt && page && wanted.end && endSeenFrom(page, wanted.end) === 'same'
      const end = isThere
        ? 'done'
        : await deps
            .reader()
            .readToEnd(document, wanted.doubt ?? undefined)
            .catch((): ReadEnd => 'later')
      wasRead(document, end === 'done' ? heldAgainst(document, wanted.end) : end)
    })
  }

  /** It said before the reading began that the log ends there, and then that it ends sooner, or with another record. */
  function heldAgainst(document: DocumentId, said: LogPosition | null): ReadEnd {
    const { memory } = context
    const page = memory.page(document)
    const seen = said && (page ? endSeenFrom(page, said) : said.sequence > 0 ? 'further' : 'same')
    if (seen === 'forked') memory.report('forked', document)
    if (seen !== 'further') return 'done'
    memory.report('withheld', document)
    return 'later'
  }

  function wasRead(document: DocumentId, end: ReadEnd): void {
    const wanted = due.get(document)
    if (end === 'lost') return
    if (end === 'paused') return
    if (end === 'done') {
      failures.delete(document)
      if (wanted && !wanted.doubt && (!wanted.end || (context.memory.page(document)?.position.sequence ?? 0) >= wanted.end.sequence))
        settle(document)
      return
    }
    if (!wanted) return
    settle(document)
    const times = failures.get(document) ?? 0
    failures.set(document, times + 1)
    const delayMs = againMs[Math.min(times, againMs.length - 1)] ?? 600_000
    stuck.set(document, { due: wanted, stop: context.clock.after(delayMs, () => want(document, wanted)) })
  }

  function readChain(): Promise<boolean> {
    // One that is under way may have had its last answer before that stood there for whose sake it is asked for now.
    if (chainTurn) {
      nextChainTurn ??= chainTurn.then(() => {
        nextChainTurn = null
        return readChain()
      })
      return nextChainTurn
    }
    const place = context.place()
    if (!place || !context.connection()) return Promise.resolve(false)
    chainTurn = deps.turns
      .run(place.chainLog, async () => {
        const end = await deps.reader().readToEnd(place.chainLog)
        wasRead(place.chainLog, end)
        return end === 'done'
      })
      .catch(() => false)
      .finally(() => {
        chainTurn = null
      })
    return chainTurn
  }

  function settle(document: DocumentId): void {
    if (due.delete(document)) done++
  }

  function isIdle(): boolean {
    return due.size === 0 && reading.size === 0
  }

  return {
    ends(document, end) {
      const page = context.memory.page(document)
      const seen = page ? endSeenFrom(page, end) : end.sequence === 0 ? 'same' : 'further'
      // What is not the same is looked at in its turn: one's own record may be on its way, or the news be old.
      if (seen !== 'same') want(document, { end, doubt: null })
    },
    doubt: (document, kind) => want(document, { end: null, doubt: kind }),
    isBehind: (document) => due.has(document),
    isStuck: (document) => stuck.has(document),
    stuckLogs: () => stuck.size,
    wasRead,
    readChain,
    isIdle,
    progress: () => (due.size === 0 ? null : { done, total }),
    pause() {
      isPaused = true
      deps.changed()
    },
    resume() {
      isPaused = false
      pump()
    },
    isPaused: () => isPaused,
    retry() {
      for (const [document, { due: wanted }] of [...stuck]) want(document, wanted)
    },
    pump,
    clear() {
      due.clear()
      for (const { stop } of stuck.values()) stop()
      stuck.clear()
      total = 0
      done = 0
      deps.changed()
    },
  }
}
