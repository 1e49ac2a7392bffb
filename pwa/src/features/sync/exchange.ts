import { fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { DocumentId } from '@alcove/shared/domain/ids'
import type { ChannelMessage } from '@alcove/shared/protocol/sync-messages'
import type { Clock, Stop } from '../../ports.ts'
import type { DocumentChange, SyncStore } from '../../sync-ports.ts'
import type { Asking } from './asking.ts'
import type { Outbox } from './outbox.ts'
import { covers } from './state-vector.ts'

type Bytes = Uint8Array<ArrayBuffer>
type MessageOf<Type extends ChannelMessage['type']> = Extract<ChannelMessage, { type: Type }>

/** How many documents are asked for at once: enough to fill the line, few enough to keep answers small in memory. */
const maxAsked = 16
const maxOffered = 4096
/** A change that came from one device is passed on to another that has not said by then that it has it. */
const relayAfterMs = 2000
const relaySpreadMs = 1500
/** When something could not be stored here (a full disk), it is asked for again. */
const askAgainMs = 30_000
/** In a quiet moment it is worked out how far the other device has everything, so that next time only later changes are looked at. */
const advanceAfterMs = 10_000
/** Above this many messages in the line, changes of a document are gathered into one. */
const busyAt = 8

export type ExchangeDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly store: SyncStore
  readonly asking: Asking
  readonly outbox: Outbox
  /** This device's log up to here was exchanged with that one. */
  readonly mark: number
  /** It holds everything here up to this mark. */
  readonly noteMark: (mark: number) => void
  /** This document grew by what came from here. */
  readonly grew: (document: DocumentId) => void
  /** Says to all devices what is stored here, now rather than soon. */
  readonly tellStored: () => Promise<void>
  readonly changed: () => void
  /** It sent bytes that no program of ours sends. */
  readonly hostile: () => void
}

/**
 * Documents between this device and one other, proven one: first what was missed, then what happens (docs/PROTOCOL.md,
 * "Between devices"). Calls of `receive` must not overlap.
 */
export type Exchange = {
  /** Both know each other: offers what changed. */
  begin(): Promise<void>
  receive(message: MessageOf<'offer' | 'vector' | 'update' | 'stored' | 'settled'>): Promise<void>
  /** A change that was made here: sent at once. */
  made(change: DocumentChange): void
  /** A change that came from elsewhere: the other device probably has it from there too. */
  passOn(document: DocumentId): void
  /** This much of a document is durable here. */
  tell(document: DocumentId, vector: Bytes): void
  isSettled(): boolean
  close(): void
}

export function createExchange(deps: ExchangeDeps): Exchange {
  const { clock, store, asking, outbox } = deps
  const offered = new Set<DocumentId>()
  /** Of what was offered: answered with all that was here. */
  const given = new Set<DocumentId>()
  /** Offered by either; `waiting` to be asked for, `asked`, or `got`. */
  const documents = new Map<DocumentId, 'waiting' | 'asked' | 'got'>()
  const turns = new Map<DocumentId, Stop>()
  /** What the other said it holds durably, and what it was told. */
  const held = new Map<DocumentId, Bytes>()
  const told = new Map<DocumentId, string>()
  /** Changes that it may lack, and when they are due. */
  const owed = new Map<DocumentId, number>()
  const timers = new Set<Stop>()
  let mark = deps.mark
  let markAtOffer: number | null = null
  let stopAdvancing: Stop | null = null
  let stopFlush: Stop | null = null
  let open = false
  let hasOffered = false
  let heardOffer = false
  let iSettled = false
  let theySettled = false
  let closed = false

  // --- what was missed ---------------------------------------------------------------------------------------------

  async function begin(): Promise<void> {
    // First listen, then look: a change in between is in one of the two.
    open = true
    const { documents: since, mark: until } = await store.changedSince(mark)
    if (closed) return
    const list = [...new Set([store.practiceDocument(), ...since, ...store.openDocuments()])]
    for (const document of list) offered.add(document)
    for (let at = 0; at < list.length; at += maxOffered) {
      await outbox.send({ type: 'offer', documents: list.slice(at, at + maxOffered) })
    }
    markAtOffer = until
    hasOffered = true
    want(list)
  }

  function want(list: readonly DocumentId[]): void {
    for (const document of list) if (!documents.has(document)) documents.set(document, 'waiting')
    ask()
  }

  function ask(): void {
    let asked = 0
    for (const state of documents.values()) if (state === 'asked') asked++
    for (const [document, state] of documents) {
      if (asked >= maxAsked || closed) return
      if (state !== 'waiting') continue
      documents.set(document, 'asked')
      asked++
      turns.set(
        document,
        asking.take(document, () => void sendVector(document)),
      )
    }
  }

  async function sendVector(document: DocumentId): Promise<void> {
    const vector = toBase64Url(await store.vector(document))
    if (closed) return
    told.set(document, vector)
    await outbox.send({ type: 'vector', document, vector })
  }

  function got(document: DocumentId): void {
    if (documents.get(document) !== 'asked') return
    documents.set(document, 'got')
    endTurn(document)
    ask()
  }

  function endTurn(document: DocumentId): void {
    turns.get(document)?.()
    turns.delete(document)
  }

  async function settle(): Promise<void> {
    if (iSettled || !hasOffered || !heardOffer) return
    for (const state of documents.values()) if (state !== 'got') return
    iSettled = true
    await deps.tellStored()
    await outbox.send({ type: 'settled' })
    deps.changed()
  }

  // --- hearing -----------------------------------------------------------------------------------------------------

  async function receive(message: MessageOf<'offer' | 'vector' | 'update' | 'stored' | 'settled'>): Promise<void> {
    switch (message.type) {
      case 'offer':
        heardOffer = true
        reopen(message.documents)
        break
      case 'vector':
        await answer(message.document, message.vector)
        break
      case 'update':
        await take(message)
        break
      case 'stored':
        await hold(message.document, message.vector)
        planAdvance()
        break
      case 'settled':
        theySettled = true
        noteMark()
        deps.changed()
    }
    await settle()
  }

  /** It wants these too: not settled until they are exchanged. */
  function reopen(list: readonly DocumentId[]): void {
    if (!list.every((document) => documents.has(document))) iSettled = false
    want(list)
  }

  async function answer(document: DocumentId, text: string): Promise<void> {
    const vector = await hold(document, text)
    if (!vector) return
    reopen([document])
    owed.delete(document)
    const update = await store.updateFor(document, vector)
    if (closed) return
    await outbox.send({ type: 'update', document, update: toBase64Url(update), answers: true })
    given.add(document)
    noteMark()
  }

  /** Everything offered was given, and what was given is stored there. */
  function noteMark(): void {
    if (markAtOffer === null || !theySettled) return
    for (const document of offered) if (!given.has(document)) return
    mark = markAtOffer
    markAtOffer = null
    deps.noteMark(mark)
    planAdvance()
  }

  function planAdvance(): void {
    stopAdvancing ??= clock.after(advanceAfterMs, () => {
      stopAdvancing = null
      void advance().catch(() => undefined)
    })
  }

  /** What it said it holds includes everything that came here since the mark. */
  async function advance(): Promise<void> {
    if (closed || !hasOffered || markAtOffer !== null) return
    const { documents: since, mark: until } = await store.changedSince(mark)
    for (const document of since) if (!covers(held.get(document), await store.vector(document))) return
    if (closed || until <= mark) return
    mark = until
    deps.noteMark(mark)
  }

  async function hold(document: DocumentId, text: string): Promise<Bytes | null> {
    const vector = fromBase64Url(text)
    if (!vector || !covers(vector, vector)) {
      deps.hostile()
      return null
    }
    held.set(document, vector)
    await store.confirm(document, vector)
    return vector
  }

  async function take({ document, update: text, answers }: MessageOf<'update'>): Promise<void> {
    const update = fromBase64Url(text)
    if (!update) return deps.hostile()
    const before = await store.vector(document)
    const applied = await store.apply(document, update)
    if (closed) return
    if (!applied.ok) {
      if (applied.error === 'broken') return deps.hostile()
      return askLater(document)
    }
    const after = await store.vector(document)
    if (!covers(before, after)) deps.grew(document)
    if (answers) got(document)
  }

  function askLater(document: DocumentId): void {
    documents.set(document, 'asked')
    endTurn(document)
    iSettled = false
    deps.changed()
    later(askAgainMs, () => {
      if (documents.get(document) !== 'asked' || turns.has(document)) return
      documents.set(document, 'waiting')
      ask()
    })
  }

  // --- what happens ------------------------------------------------------------------------------------------------

  function made({ document, update }: DocumentChange): void {
    if (!open || closed) return
    if (outbox.waiting() >= busyAt) return owe(document, clock.now())
    void outbox.send({ type: 'update', document, update: toBase64Url(update), answers: false })
  }

  function passOn(document: DocumentId): void {
    if (open && !closed) owe(document, clock.now() + relayAfterMs + deps.random() * relaySpreadMs)
  }

  function owe(document: DocumentId, dueAt: number): void {
    owed.set(document, Math.min(dueAt, owed.get(document) ?? dueAt))
    planFlush()
  }

  function planFlush(): void {
    stopFlush?.()
    stopFlush = null
    if (owed.size === 0 || closed) return
    stopFlush = clock.after(Math.max(0, Math.min(...owed.values()) - clock.now()), () => void flush())
  }

  async function flush(): Promise<void> {
    stopFlush = null
    for (const [document, dueAt] of [...owed]) {
      if (dueAt > clock.now() || closed) continue
      owed.delete(document)
      await give(document)
    }
    if (!stopFlush) planFlush()
  }

  /** One update with all that it may lack; when it has not said what it holds, both ask each other. */
  async function give(document: DocumentId): Promise<void> {
    const theirs = held.get(document)
    if (covers(theirs, await store.vector(document)) || closed) return
    if (!theirs) return reopen([document])
    const update = toBase64Url(await store.updateFor(document, theirs))
    if (!closed) await outbox.send({ type: 'update', document, update, answers: false })
  }

  function tell(document: DocumentId, bytes: Bytes): void {
    const vector = toBase64Url(bytes)
    if (!open || closed || told.get(document) === vector) return
    told.set(document, vector)
    void outbox.send({ type: 'stored', document, vector })
  }

  function later(delayMs: number, run: () => void): void {
    const stop = clock.after(delayMs, () => {
      timers.delete(stop)
      if (!closed) run()
    })
    timers.add(stop)
  }

  return {
    begin,
    receive,
    made,
    passOn,
    tell,
    isSettled: () => iSettled && theySettled,
    close() {
      closed = true
      stopFlush?.()
      stopAdvancing?.()
      for (const stop of timers) stop()
      for (const document of [...turns.keys()]) endTurn(document)
    },
  }
}
