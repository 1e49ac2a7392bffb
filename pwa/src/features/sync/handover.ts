import { hashText } from '@alcove/shared/crypto/bytes'
import { foremostHeads, maxHeadsSaid } from '@alcove/shared/domain/practice-roll'
import type { HandoverMessage } from '@alcove/shared/protocol/sync-messages'
import type { Clock, Stop } from '../../ports.ts'
import type { ChainStore, Relay, SyncPlace } from '../../sync-ports.ts'

type Have = Extract<HandoverMessage, { type: 'have' }>

/** Whoever can answer waits a little at random; a single device does, the others hear it. */
const answerAfterMs = 200
const answerSpreadMs = 1300
/** Somebody else answered something: time for the asker to say where it stands now. */
const secondLookMs = 2500
const sayAfterMs = 100
const saySpreadMs = 400
/** Saying the same to the same again, when nothing came of it: later and later, so that nothing goes round in circles. */
const repeatMs = [5_000, 30_000, 300_000, 3_600_000]
/** A device that waits for a key asks again: whoever has it may just have come. */
const waitingAskMs = 30_000
const maxRemembered = 500
/** Messages that are opened at once, and one more each second: the topic is known to devices that were removed. */
const maxBurst = 40
/** The same for answers, which are longer than what they answer, and one more every ten seconds. */
const maxAnswers = 40
const answerEveryMs = 10_000
/** Whoever calls itself by a key that this device does not know. */
const stranger = 'stranger'

export type HandoverDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly chain: ChainStore
  readonly relay: Relay
  readonly topic: string
  readonly place: () => SyncPlace | null
}

/**
 * The topic of the founding practice key, where a device finds the others whatever key it missed: all say what they
 * have, and whoever has more gives it (docs/PROTOCOL.md, "Handover").
 */
export type Handover = {
  placeChanged(): void
  close(): void
}

export function createHandover(deps: HandoverDeps): Handover {
  const { clock, chain } = deps
  const answers = new Map<string, Stop>()
  /** By device: the state that both were in, and how often it was asked or answered in that state. */
  const replies = new Map<string, { state: string; times: number; at: number }>()
  const hashes = new Map<string, string>()
  let said: string | null = null
  let stopSaying: Stop | null = null
  let stopRetry: Stop | null = null
  let isOpen = false
  let closed = false
  const mayHear = createBudget(maxBurst, 1000)
  const mayAnswer = createBudget(maxAnswers, answerEveryMs)
  let entriesHeard = 0
  const line = deps.relay.join(deps.topic, (event) => {
    if (closed) return
    if (event.type === 'message') return void hear(event.data).catch(() => undefined)
    isOpen = event.type === 'open'
    if (isOpen) say()
  })
  const stopAsking = clock.every(waitingAskMs, () => {
    if (isWaiting()) say()
  })

  function isWaiting(): boolean {
    const place = deps.place()
    return place !== null && place.epoch !== (place.roll.epoch?.id ?? null)
  }

  function stateOf(have: { readonly epoch: string | null; readonly heads: readonly string[] }): string {
    return [have.epoch ?? '', ...[...have.heads].sort()].join(' ')
  }

  function myState(): string | null {
    const place = deps.place()
    return place && stateOf({ epoch: place.epoch, heads: place.roll.heads })
  }

  // --- saying ----------------------------------------------------------------------------------------------------------

  function say(): void {
    stopSaying ??= clock.after(sayAfterMs + deps.random() * saySpreadMs, () => {
      stopSaying = null
      void sayNow().catch(() => undefined)
    })
  }

  function askOnceMore(): void {
    stopRetry = null
    say()
  }

  async function sayNow(): Promise<void> {
    const state = myState()
    const sealed = await chain.have()
    if (closed || !isOpen || !sealed) return
    if (line.publish(sealed)) said = state
  }

  // --- hearing -----------------------------------------------------------------------------------------------------

  async function hear(data: string): Promise<void> {
    if (!mayHear()) return
    const message = await chain.openHandover(data)
    if (closed || !message) return
    if (message.type === 'have') return hearHave(message)
    entriesHeard++
    const taken = await chain.takeBatches(message.batches)
    // A full disk: they have to come once more.
    if (!taken.ok && !closed) stopRetry ??= clock.after(waitingAskMs, askOnceMore)
  }

  function createBudget(most: number, everyMs: number): () => boolean {
    let left = most
    let countedAt = clock.now()
    return () => {
      left = Math.min(most, left + Math.abs(clock.now() - countedAt) / everyMs)
      countedAt = clock.now()
      if (left < 1) return false
      left--
      return true
    }
  }

  async function hearHave(have: Have): Promise<void> {
    // What it says now replaces what it said before.
    const who = nameOf(have)
    answers.get(who)?.()
    answers.delete(who)
    if (!hasOtherHeads(have) && !lacksKey(have)) return
    if (await knowsMore(have)) askBack(have)
    if (closed || answers.has(who)) return
    planAnswer(have, pauseMs('answer', have) + answerAfterMs + deps.random() * answerSpreadMs, true)
  }

  /** Anybody who knows the topic can call itself what it likes: only devices that there are, or were, are told apart. */
  function nameOf({ device }: Have): string {
    const roll = deps.place()?.roll
    return roll?.devices.has(device) || roll?.removedDevices.has(device) ? device : stranger
  }

  /** The same heads: the same chain. Of very many, those that both would name. */
  function hasOtherHeads({ heads }: Have): boolean {
    const place = deps.place()
    const mine = new Set<string>(place ? foremostHeads(place.roll, maxHeadsSaid) : [])
    return mine.size !== heads.length || heads.some((head) => !mine.has(head))
  }

  /** It knows of the newest key, as I do, and has not got it. */
  function lacksKey({ epoch }: Have): boolean {
    const place = deps.place()
    return place !== null && epoch !== place.epoch && place.epoch === place.roll.epoch?.id
  }

  function planAnswer(have: Have, afterMs: number, looksAgain: boolean): void {
    const heardBefore = entriesHeard
    const who = nameOf(have)
    const stop = clock.after(afterMs, () => {
      answers.delete(who)
      if (looksAgain && entriesHeard !== heardBefore) planAnswer(have, secondLookMs, false)
      else void giveAnswer(have).catch(() => undefined)
    })
    answers.set(who, stop)
  }

  async function giveAnswer(have: Have): Promise<void> {
    if (!mayAnswer()) return
    const sealed = await chain.answer(have)
    if (!closed && isOpen && sealed && line.publish(sealed)) remember('answer', have)
  }

  async function knowsMore(have: Have): Promise<boolean> {
    const known = new Set<string>()
    for (const entry of await chain.entries()) {
      const hash = hashes.get(entry) ?? (await hashText(entry))
      hashes.set(entry, hash)
      known.add(hash)
    }
    return have.heads.some((head) => !known.has(head))
  }

  /** By saying what I have: the other one hears what I lack. */
  function askBack(have: Have): void {
    const waitMs = pauseMs('ask', have)
    remember('ask', have)
    if (waitMs === 0) say()
    else stopRetry ??= clock.after(waitMs, askOnceMore)
  }

  /** How long to wait before this is said to this device in the state that both are in: the first time not at all. */
  function pauseMs(what: 'ask' | 'answer', have: Have): number {
    const before = replies.get(`${what} ${nameOf(have)}`)
    if (before?.state !== pairState(have)) return 0
    const pause = repeatMs[Math.min(before.times, repeatMs.length) - 1] ?? 0
    return Math.min(pause, Math.max(0, before.at + pause - clock.now()))
  }

  function remember(what: 'ask' | 'answer', have: Have): void {
    const [name, state] = [`${what} ${nameOf(have)}`, pairState(have)]
    const before = replies.get(name)
    // The newest last.
    replies.delete(name)
    for (const oldest of replies.keys()) if (replies.size >= maxRemembered) replies.delete(oldest)
    replies.set(name, { state, times: before?.state === state ? before.times + 1 : 1, at: clock.now() })
  }

  function pairState(have: Have): string {
    return `${stateOf(have)}|${myState()}`
  }

  return {
    placeChanged() {
      if (isOpen && myState() !== said) say()
    },
    close() {
      closed = true
      stopSaying?.()
      stopRetry?.()
      stopAsking()
      for (const stop of answers.values()) stop()
      line.leave()
    },
  }
}
