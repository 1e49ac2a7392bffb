import type { LogConnection, LogLineEvent } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { createAccessKeeper } from './log-access-keeper.ts'
import { createAdmittance } from './log-admission.ts'
import { createLogAppender } from './log-appender.ts'
import { createTurns, type LogContext, type LogHead, type LogSyncDeps } from './log-context.ts'
import { compareAll } from './log-compare.ts'
import { createLogEpochs } from './log-epochs.ts'
import { createLogGossip } from './log-gossip.ts'
import { createLogMemory } from './log-memory.ts'
import { createLogProof } from './log-proof.ts'
import { createReadQueue, type Progress } from './log-queue.ts'
import { createLogReader } from './log-reader.ts'
import { createLogSnapshots } from './log-snapshots.ts'
import type { LogState, LogSync } from './log-state.ts'
import { createLogUploads } from './log-uploads.ts'
import { sameLogState, viewLog } from './log-view.ts'
import { createLogWriters } from './log-writers.ts'

/** A server that keeps no logs may begin to. */
const offAgainMs = 10 * 60_000
/** The server could not say what changed. */
const compareAgainMs = 5_000

export type LogEngine = LogSync & {
  /** Where this device stands in all logs, for another device. */
  heads(): readonly LogHead[]
  heard(heads: readonly LogHead[]): void
  /** What changes in this document now comes from its log. */
  isTaking(document: LogHead['document']): boolean
}

export type LogEngineDeps = LogSyncDeps & {
  /** To the other devices that are connected. */
  readonly tellHeads: (heads: readonly LogHead[]) => void
}

/**
 * Keeps the practice's documents equal with their logs on the server, which stores what it cannot read, and is believed
 * nothing that the practice's devices did not sign.
 */
export function createLogSync(deps: LogEngineDeps): LogEngine {
  const { clock, store } = deps
  const listeners = new Set<(state: LogState) => void>()
  const stops: Stop[] = []
  let place: SyncPlace | null = null
  let line: LogConnection | null = null
  let isLoaded = false
  let closed = false
  let sinceAt = clock.now()
  /** Of the connection that has let this device in. */
  let admitted: Admitted | null = null
  let stopOff: Stop | null = null
  /** The chain has changed since the access list was last held against it: mostly while its log is being read. */
  let isListOld = false

  const memory = createLogMemory(deps.keeping.book, clock, noticed)
  const context: LogContext = {
    ...deps,
    memory,
    writers: createLogWriters(deps.keeping.keys),
    place: () => place,
    connection: () => admitted?.connection ?? null,
    isClosed: () => closed,
    taking: new Map(),
  }
  const turns = createTurns()
  const queue = createReadQueue({ context, turns, reader: () => reader, changed, onIdle: idle })
  const epochs = createLogEpochs({ memory, doubt: (document) => queue.doubt(document, 'vain-key') })
  const snapshots = createLogSnapshots({ context, appender: { append: (...args) => appender.append(...args), running: () => 0 }, isReady })
  const gossip = createLogGossip({ context, tell: deps.tellHeads, isReady, isBehind, doubt: queue.doubt })
  const reader = createLogReader({
    context,
    isPaused: queue.isPaused,
    readChain: queue.readChain,
    moved,
    onSnapshot: snapshots.read,
    onNews: (document) => uploads.came(document),
    onAck: snapshots.acked,
  })
  const appender = createLogAppender({
    context,
    turns,
    reader,
    isBehind: queue.isBehind,
    isStuck: queue.isStuck,
    wasRead: queue.wasRead,
    moved,
    changed,
  })
  const uploads = createLogUploads({
    context,
    appender,
    isReady,
    mayFlush: () => isReady() || (admitted?.isCaughtUp === true && queue.isPaused()),
    isStuck: queue.isStuck,
    changed,
    onChain: () => keeper.tend(),
  })
  const proof = createLogProof({ context, turns, isReady, onLack: uploads.came })
  const keeper = createAccessKeeper({
    context,
    isChainThere: uploads.isChainThere,
    isChainRead: () => place !== null && !isBehind(place.chainLog),
  })
  const admittance = createAdmittance({ context, keeper, connection: () => line ?? gone, changed: admissionChanged })
  let state = view()

  stops.push(
    store.watchPlace(placeChanged),
    store.watchUpdates(({ document, update, from }) => {
      const heard = context.taking.get(document)
      if (from === 'here') uploads.made(document, update)
      else if (heard) heard.push(update)
      else uploads.came(document)
    }),
  )

  // --- the line ------------------------------------------------------------------------------------------------------

  function open(): void {
    if (closed || !isLoaded || !place || line) return
    line = deps.line.open(hear)
    changed()
  }

  function hear(event: LogLineEvent): void {
    if (closed) return
    switch (event.type) {
      case 'open':
        return admittance.opened(event.hello)
      case 'head':
        return queue.ends(event.head.log, event.head.end)
      case 'lost':
        return admittance.lost()
    }
  }

  function admissionChanged(): void {
    const { kind } = admittance.now()
    if (kind === 'in') {
      if (!admitted) void begin().catch(() => undefined)
    } else if (admitted) {
      admitted = null
      sinceAt = clock.now()
      queue.clear()
      epochs.lost()
      uploads.lost()
      proof.lost()
    }
    if (kind === 'off') shutForNow()
    changed()
  }

  /** What changed while this device was away. */
  async function begin(): Promise<void> {
    if (!line) return
    const mine: Admitted = { connection: watched(line), isCaughtUp: false, hasBeenIdle: false, looksAgain: false }
    admitted = mine
    const isCompared = await compareAll(mine.connection, memory, queue)
    if (admitted !== mine || closed) return
    if (!isCompared) {
      clock.after(compareAgainMs, () => admitted === mine && void begin().catch(() => undefined))
      return
    }
    mine.isCaughtUp = true
    if (place) epochs.follow(place)
    keeper.tend()
    queue.pump()
    if (queue.isIdle()) idle()
  }

  /** Notices that the server lets this device in no longer. */
  function watched(connection: LogConnection): LogConnection {
    return {
      ...connection,
      async ask(request, body) {
        const reply = await connection.ask(request, body)
        if (!reply.ok && reply.error.code === 'not-a-member') admittance.denied()
        return reply
      },
    }
  }

  /** Where one log is not what it was, the others are looked at as well. */
  function noticed(): void {
    const mine = admitted
    if (mine && !mine.looksAgain) {
      mine.looksAgain = true
      void compareAll(mine.connection, memory, queue).catch(() => undefined)
    }
    changed()
  }

  function shutForNow(): void {
    line?.close()
    line = null
    stopOff ??= clock.after(offAgainMs, () => {
      stopOff = null
      open()
    })
  }

  // --- what follows --------------------------------------------------------------------------------------------------

  function isReady(): boolean {
    return admitted?.isCaughtUp === true && queue.isIdle() && !closed
  }

  function isBehind(document: LogHead['document']): boolean {
    return queue.isBehind(document) || queue.isStuck(document)
  }

  function idle(): void {
    if (!admitted?.isCaughtUp || closed) return
    if (queue.stuckLogs() === 0) epochs.wasRead()
    const isFirst = !admitted.hasBeenIdle
    admitted.hasBeenIdle = true
    uploads.ready(isFirst)
    if (isListOld) keeper.tend()
    isListOld = false
    proof.ready()
    changed()
  }

  function moved(document: LogHead['document']): void {
    gossip.moved(document)
    snapshots.consider(document)
  }

  function placeChanged(next: SyncPlace | null): void {
    const before = place
    place = next
    if (before?.space !== next?.space) return void beginPractice()
    if (!next) return
    if (isLoaded) epochs.follow(next)
    queue.retry()
    admittance.again()
    uploads.placeChanged()
    if (isReady()) keeper.tend()
    else isListOld = true
    changed()
  }

  /** There is another practice here, or none. */
  async function beginPractice(): Promise<void> {
    const mine = place
    line?.close()
    line = null
    isLoaded = false
    admittance.left()
    changed()
    await memory.load().catch(() => undefined)
    if (place?.space !== mine?.space) return
    isLoaded = true
    if (place) epochs.follow(place)
    open()
  }

  // --- the screen ----------------------------------------------------------------------------------------------------

  function changed(): void {
    if (closed) return
    const next = view()
    if (sameLogState(state, next)) return
    state = next
    for (const listener of [...listeners]) listener(state)
  }

  function view(): LogState {
    const admission = admittance.now()
    const isFirstTime = admission.kind === 'in' && admitted?.hasBeenIdle !== true
    return viewLog({
      hasPractice: place !== null,
      admission,
      sinceAt,
      incidents: memory.cover().incidents,
      isPaused: queue.isPaused(),
      catchingUp: catchingUp(isFirstTime),
      isSaving: uploads.isSaving(),
      full: uploads.full(),
      space: admission.kind === 'in' ? { usedBytes: admission.usedBytes, quotaBytes: admission.quotaBytes } : null,
    })
  }

  function catchingUp(isFirstTime: boolean): Progress | null {
    const [progress, stuck] = [queue.progress(), queue.stuckLogs()]
    if (isFirstTime || (progress && queue.isPaused())) return progress ?? { done: 0, total: stuck }
    return stuck > 0 ? { done: 0, total: stuck } : null
  }

  return {
    watch(listener) {
      listeners.add(listener)
      listener(state)
      return () => void listeners.delete(listener)
    },
    pause: queue.pause,
    resume: queue.resume,
    enrol: admittance.enrol,
    acknowledge() {
      memory.note({ incidents: [] })
      changed()
    },
    hurry() {
      line?.hurry()
      admittance.again()
    },
    heads: gossip.heads,
    heard: gossip.heard,
    isTaking: (document) => context.taking.has(document),
    close() {
      closed = true
      for (const stop of stops) stop()
      stopOff?.()
      admittance.close()
      keeper.close()
      uploads.close()
      snapshots.close()
      proof.lost()
      gossip.close()
      queue.clear()
      line?.close()
    },
  }
}

type Admitted = {
  readonly connection: LogConnection
  /** It was told what changed. */
  isCaughtUp: boolean
  /** And that was read. */
  hasBeenIdle: boolean
  /** After the first thing that was noticed on it. */
  looksAgain: boolean
}

/** In place of a line that is not there. */
const gone: LogConnection = {
  ask: async () => ({ ok: false, error: { code: 'lost' } }),
  hurry: () => undefined,
  close: () => undefined,
}
