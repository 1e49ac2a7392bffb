import type { DocumentId } from '@alcove/shared/domain/ids'
import type { Stop } from '../../ports.ts'
import { createChainUpload } from './chain-upload.ts'
import type { AppendEnd, LogAppender } from './log-appender.ts'
import type { LogContext } from './log-context.ts'
import { createLogSweep } from './log-sweep.ts'
import { createLogWriting, mayWrite } from './log-write.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Changes made here that come together are one record. */
const flushAfterMs = 250
const againMs: readonly number[] = [5_000, 15_000, 60_000]
/** More than so many are not kept one by one: the document itself says what they were. */
const maxPending = 500

/** Brings into the log what it lacks: own changes soon, everything else when nobody else has done it. */
export type LogUploads = {
  /** A change of a document, made here. */
  made(document: DocumentId, update: Bytes): void
  /** A change that came from another device. */
  came(document: DocumentId): void
  /** Everything that the server told of is read. `isFirst`: on this connection. */
  ready(isFirst: boolean): void
  placeChanged(): void
  lost(): void
  isSaving(): boolean
  full(): 'practice' | 'server' | null
  /** The log has all of the chain that this device knows. */
  isChainThere(): boolean
  close(): void
}

export type UploadsDeps = {
  readonly context: LogContext
  readonly appender: LogAppender
  /** Connected, let in, and everything read. */
  readonly isReady: () => boolean
  /** Own changes need not wait for a long reading that somebody has stopped. */
  readonly mayFlush: () => boolean
  readonly isStuck: (document: DocumentId) => boolean
  readonly changed: () => void
  /** The chain's log was brought up to date. */
  readonly onChain: () => void
}

export function createLogUploads(deps: UploadsDeps): LogUploads {
  const { context, appender } = deps
  const { clock, keeping } = context
  /** Null: too many to keep, or the connection was lost meanwhile. */
  const pending = new Map<DocumentId, Bytes[] | null>()
  let stopFlush: Stop | null = null
  /** The chain may have entries of this device's that the log lacks. */
  let isPlaceNew = false
  let isFlushing = false
  let isFull: 'practice' | 'server' | null = null
  /** Something did not go: nothing is tried for a while. */
  let stopPause: Stop | null = null
  let failures = 0

  const writing = createLogWriting(context, appender)
  const chain = createChainUpload({ context, appender, went, onThere: deps.onChain })
  const sweep = createLogSweep({
    context,
    writing,
    mayGoOn: () => deps.isReady() && stopPause === null && !context.isClosed(),
    async prepare() {
      if (!mayWrite(context.place()) || !(await chain.bring())) return false
      await flush()
      return true
    },
    isPending: (document) => pending.has(document),
    went,
    onWhole() {
      isFull = null
    },
    changed: deps.changed,
  })

  function planFlush(delayMs = flushAfterMs): void {
    stopFlush ??= clock.after(delayMs, () => {
      stopFlush = null
      void flush().catch(() => undefined)
    })
  }

  async function flush(): Promise<void> {
    if (isFlushing || stopPause || !deps.mayFlush() || pending.size === 0) return
    isFlushing = true
    deps.changed()
    try {
      if (!mayWrite(context.place()) || !(await chain.bring())) return
      const flushed = await Promise.all([...pending.keys()].map(flushOne))
      if (flushed.some((done) => done)) sweep.plan('later')
    } finally {
      isFlushing = false
      deps.changed()
    }
    // What was made meanwhile, or did not go.
    const isMore = [...pending.keys()].some((document) => !deps.isStuck(document))
    if (isMore && deps.mayFlush() && stopPause === null && mayWrite(context.place())) planFlush()
  }

  async function flushOne(document: DocumentId): Promise<boolean> {
    const updates = pending.get(document)
    if (updates === undefined) return false
    pending.delete(document)
    const end = await writing.write(document, async () => (updates ? keeping.math.merge(updates) : writing.lacking(document)))
    if (end === 'done') failures = 0
    const isOver = end === 'done' || end === 'nothing' || end === 'too-large'
    if (!isOver) pending.set(document, null)
    return went(end) || end === 'nothing'
  }

  /** Whether it was written; otherwise when it is tried again. */
  function went(end: AppendEnd): boolean {
    if (end === 'space-full') isFull = 'practice'
    else if (end === 'server-full') isFull = 'server'
    else if (end === 'done') isFull = null
    if (end === 'space-full' || end === 'server-full' || end === 'later' || end === 'no-key') again()
    return end === 'done'
  }

  function again(): void {
    stopPause ??= clock.after(againMs[Math.min(failures, againMs.length - 1)] ?? 60_000, () => {
      stopPause = null
      if (pending.size > 0) planFlush(0)
      sweep.plan('now')
    })
    failures++
    deps.changed()
  }

  function followPlace(): void {
    isPlaceNew = !deps.isReady()
    if (isPlaceNew) return
    void chain
      .hasOwnToBring()
      .then((own) => own && chain.bring())
      .catch(() => undefined)
    if (pending.size > 0) planFlush()
    sweep.plan('later')
  }

  return {
    made(document, update) {
      const updates = pending.get(document)
      if (updates === undefined) pending.set(document, [update])
      else if (updates !== null && updates.length >= maxPending) pending.set(document, null)
      else updates?.push(update)
      planFlush()
      deps.changed()
    },
    came: sweep.came,
    ready(isFirst) {
      if (isPlaceNew) followPlace()
      if (pending.size > 0) planFlush()
      sweep.ready(isFirst)
    },
    placeChanged: followPlace,
    lost() {
      stopFlush?.()
      stopPause?.()
      stopFlush = stopPause = null
      sweep.lost()
      chain.lost()
      isFull = null
      failures = 0
      for (const document of pending.keys()) pending.set(document, null)
    },
    isSaving: () => ((pending.size > 0 || !sweep.isCompared()) && mayWrite(context.place())) || sweep.isWriting() || appender.running() > 0,
    full: () => isFull,
    isChainThere: chain.isThere,
    close() {
      stopPause?.()
      stopFlush?.()
      sweep.close()
    },
  }
}
