import { randomId } from '@alcove/shared/crypto/bytes'
import { type ProofFields, signProof, verifyProof } from '@alcove/shared/crypto/chain'
import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { LogHead } from '../log/log-context.ts'
import { decode } from '@alcove/shared/protocol/decode'
import { type ChannelMessage, channelMessage, maxChannelMessageBytes } from '@alcove/shared/protocol/sync-messages'
import type { Clock, KeyPair, Stop } from '../../ports.ts'
import type { ChainStore, DeviceChannel, DocumentChange, SyncPlace, SyncStore } from '../../sync-ports.ts'
import type { Asking } from './asking.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { createOutbox } from './outbox.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Both have proven themselves by then, or the channel is closed: a device that knows the password but is no member gets no more. */
const provenWithinMs = 60_000
/** The most that waits to be read, in characters and messages: what a device of ours sends ahead is far less. */
const maxWaitingCharacters = 2 * maxChannelMessageBytes
const maxWaitingMessages = 20_000
/** Of the chain, before this device knows the other one: they may be what makes it known. */
const maxStrangersEntries = 64
const entriesAtOnce = 128
const headsAtOnce = 4096

export type DeviceSessionDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly store: SyncStore
  readonly chain: ChainStore
  readonly asking: Asking
  readonly channel: DeviceChannel
  readonly me: KeyPair
  /** Null once there is no practice here. */
  readonly place: () => SyncPlace | null
  readonly markOf: (device: DeviceKey) => number
  readonly listen: (event: DeviceSessionEvent) => void
  readonly tellStored: () => Promise<void>
  /** Where this device stands in the logs on the server, and where the other one does. */
  readonly heads: () => readonly LogHead[]
  readonly onHeads: (heads: readonly LogHead[]) => void
}

export type DeviceSessionEvent =
  /** It is a device of the practice, and has proven it. */
  | { readonly type: 'in'; readonly device: DeviceKey }
  /** Said with every message of a proven device. */
  | { readonly type: 'heard'; readonly device: DeviceKey }
  | { readonly type: 'mark'; readonly device: DeviceKey; readonly mark: number }
  | { readonly type: 'grew'; readonly document: DocumentId }
  | { readonly type: 'own-device'; readonly from: DeviceKey; readonly body: string }
  /** Whether it is settled may have changed. */
  | { readonly type: 'changed' }
  | { readonly type: 'closed' }

/**
 * One channel to one device. Nothing is said to it before it has proven that it holds the key of a device that is in the
 * practice now, over this very connection.
 */
export type DeviceSession = {
  /** Null until it is in. */
  device(): DeviceKey | null
  isSettled(): boolean
  /** The chain or the keys changed: it may be in the practice now, or no longer. */
  placeChanged(): void
  made(change: DocumentChange): void
  passOn(document: DocumentId): void
  tell(document: DocumentId, vector: Bytes): void
  sendToOwnDevice(body: string): void
  /** Once everything is exchanged, all of them are told; then those that moved. */
  tellHeads(heads: readonly LogHead[]): void
  close(): void
}

type Phase =
  | { readonly kind: 'greeting' }
  | { readonly kind: 'proving'; readonly device: DeviceKey; readonly nonce: string }
  /** Proven, but nobody told this device yet that it is in the practice. */
  | { readonly kind: 'stranger'; readonly device: DeviceKey; entries: number }
  | { readonly kind: 'in'; readonly device: DeviceKey; readonly exchange: Exchange }
  | { readonly kind: 'closed' }

export function createDeviceSession(deps: DeviceSessionDeps): DeviceSession {
  const { clock, chain, channel, me } = deps
  const nonce = randomId()
  const outbox = createOutbox(channel, close)
  const waiting: string[] = []
  let waitingCharacters = 0
  let isReading = false
  /** Its entries came, and mine are sent: then both know each other. */
  let isHeard = false
  let hasSpoken = false
  let hasBegun = false
  let hasToldHeads = false
  let phase: Phase = { kind: 'greeting' }
  const stopTimer: Stop = clock.after(provenWithinMs, () => {
    if (phase.kind !== 'in') close()
  })

  channel.listen(arrived, close)
  void outbox.send({ type: 'hello', version: 1, device: me.publicKey as DeviceKey, nonce })

  // --- one message after the other ----------------------------------------------------------------------------------

  function arrived(text: string): void {
    if (phase.kind === 'closed') return
    waiting.push(text)
    waitingCharacters += text.length
    if (waitingCharacters > maxWaitingCharacters || waiting.length > maxWaitingMessages) return close()
    if (!isReading) void read()
  }

  async function read(): Promise<void> {
    isReading = true
    for (let text = waiting.shift(); text !== undefined && !isClosed(); text = waiting.shift()) {
      waitingCharacters -= text.length
      const message = decode(channelMessage, text, maxChannelMessageBytes)
      // The store may be gone (the practice was erased, the tab is closing): then there is nobody to talk for.
      const isGood = message.ok && (await receive(message.value).catch(() => false))
      if (!isGood) close()
    }
    isReading = false
  }

  /** False for what no device of ours says at this point. */
  async function receive(message: ChannelMessage): Promise<boolean> {
    switch (phase.kind) {
      case 'greeting':
        return message.type === 'hello' && greet(message.device, message.nonce)
      case 'proving':
        return message.type === 'proof' && prove(phase.device, phase.nonce, message.signature)
      case 'stranger':
        return message.type === 'entries' && takeFromStranger(phase, message.entries)
      case 'in':
        deps.listen({ type: 'heard', device: phase.device })
        return hear(phase.device, phase.exchange, message)
      case 'closed':
        return true
    }
  }

  async function greet(device: DeviceKey, theirNonce: string): Promise<boolean> {
    const place = deps.place()
    if (!place || device === me.publicKey || place.roll.removedDevices.has(device)) return false
    phase = { kind: 'proving', device, nonce: theirNonce }
    const signature = await signProof(fieldsFor(device, theirNonce), me)
    return outbox.send({ type: 'proof', signature })
  }

  function fieldsFor(device: DeviceKey, theirNonce: string): ProofFields {
    return {
      nonces: { mine: nonce, theirs: theirNonce },
      devices: { mine: me.publicKey as DeviceKey, theirs: device },
      fingerprints: channel.fingerprints,
    }
  }

  async function prove(device: DeviceKey, theirNonce: string, signature: string): Promise<boolean> {
    if (!(await verifyProof(fieldsFor(device, theirNonce), signature))) return false
    if (isClosed()) return true
    phase = { kind: 'stranger', device, entries: 0 }
    judge()
    return true
  }

  /** The entries verify themselves: it does not matter who brings them. */
  async function takeFromStranger(stranger: { entries: number }, entries: readonly string[]): Promise<boolean> {
    stranger.entries++
    isHeard = true
    const taken = await chain.take(entries, true)
    judge()
    return taken.ok && stranger.entries <= maxStrangersEntries
  }

  // --- in the practice -----------------------------------------------------------------------------------------------

  function judge(): void {
    if (phase.kind !== 'stranger' && phase.kind !== 'in' && phase.kind !== 'proving') return
    const roll = deps.place()?.roll
    if (!roll || roll.removedDevices.has(phase.device) || (phase.kind === 'in' && !roll.devices.has(phase.device))) return close()
    if (phase.kind === 'stranger' && roll.devices.has(phase.device)) void comeIn(phase.device).catch(close)
  }

  async function comeIn(device: DeviceKey): Promise<void> {
    const exchange = createExchange({
      ...deps,
      outbox,
      mark: deps.markOf(device),
      noteMark: (mark) => deps.listen({ type: 'mark', device, mark }),
      grew: (document) => deps.listen({ type: 'grew', document }),
      changed: () => deps.listen({ type: 'changed' }),
      hostile: close,
    })
    phase = { kind: 'in', device, exchange }
    deps.listen({ type: 'in', device })
    const entries = await chain.entries()
    for (let at = 0; at < entries.length && !isClosed(); at += entriesAtOnce) {
      await outbox.send({ type: 'entries', entries: entries.slice(at, at + entriesAtOnce) })
    }
    hasSpoken = true
    await begin(exchange)
  }

  /** It sent its entries because it knows this device: now it may be told what changed. */
  async function begin(exchange: Exchange): Promise<void> {
    if (!isHeard || !hasSpoken || hasBegun || isClosed()) return
    hasBegun = true
    await exchange.begin()
  }

  async function hear(device: DeviceKey, exchange: Exchange, message: ChannelMessage): Promise<boolean> {
    switch (message.type) {
      case 'hello':
      case 'proof':
        return false
      case 'entries': {
        const taken = await chain.take(message.entries)
        isHeard = true
        await begin(exchange)
        return taken.ok
      }
      case 'session': {
        const place = deps.place()
        if (place?.roll.devices.get(device)?.member === place?.member) {
          deps.listen({ type: 'own-device', from: device, body: message.body })
        }
        return true
      }
      case 'log-heads':
        deps.onHeads(message.heads)
        return true
      default:
        await exchange.receive(message)
        tellAllHeads(exchange)
        return true
    }
  }

  function tellAllHeads(exchange: Exchange): void {
    if (hasToldHeads || !exchange.isSettled() || isClosed()) return
    hasToldHeads = true
    sendHeads(deps.heads())
  }

  function sendHeads(heads: readonly LogHead[]): void {
    for (let at = 0; at < heads.length; at += headsAtOnce) {
      void outbox.send({ type: 'log-heads', heads: heads.slice(at, at + headsAtOnce) })
    }
  }

  function isClosed(): boolean {
    return phase.kind === 'closed'
  }

  function close(): void {
    if (phase.kind === 'closed') return
    if (phase.kind === 'in') phase.exchange.close()
    phase = { kind: 'closed' }
    waiting.length = 0
    stopTimer()
    channel.close()
    deps.listen({ type: 'closed' })
  }

  return {
    device: () => (phase.kind === 'in' ? phase.device : null),
    isSettled: () => phase.kind === 'in' && phase.exchange.isSettled(),
    placeChanged: judge,
    made: (change) => phase.kind === 'in' && phase.exchange.made(change),
    passOn: (document) => phase.kind === 'in' && phase.exchange.passOn(document),
    tell: (document, vector) => phase.kind === 'in' && phase.exchange.tell(document, vector),
    tellHeads: (heads) => phase.kind === 'in' && hasToldHeads && sendHeads(heads),
    sendToOwnDevice: (body) => phase.kind === 'in' && void outbox.send({ type: 'session', body }),
    close,
  }
}
