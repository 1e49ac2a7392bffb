import type { CallId, GuestKey } from '../domain/ids.ts'
import { err, ok, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import { type PairMessage, pairMessage, type RosterContents } from '../protocol/peer-messages.ts'
import { maxRelayLength } from '../protocol/session-messages.ts'
import { type Bytes, concat, fromBase64Url, fromUtf8, randomBytes, sha256, toBase64Url, utf8 } from './bytes.ts'
import { importAgreementKey, type KeyHandle, type KeyPair } from './identity.ts'

/** `unreadable`: not sealed by this peer for this channel, or changed. `replayed`: not newer than what came before. */
export type PairError = 'unreadable' | 'replayed' | 'malformed'

/** Everything two admitted peers tell each other. Calls may overlap; each direction keeps its order. */
export type PairChannel = {
  /** The `data` of a `relay`: base64url, at most `maxRelayLength` characters; rejects when the message is longer. */
  seal(message: PairMessage): Promise<string>
  /** Never rejects. What does not open changes nothing in the channel. */
  open(data: string): Promise<Result<PairMessage, PairError>>
}

/** One guest of a roster: its key and the hash of the knock that got it in. */
export type RosterEntry = RosterContents['guests'][number]

/**
 * `mine`: the host's ephemeral pair for this ticket, or the guest's own pair. `peer`: the guest's key, or the ticket's
 * `hostKey` (65 bytes, base64url). `ticket`: the signed ticket as it was sent, so that each ticket gives fresh keys.
 */
export type HostChannelOptions = {
  readonly side: 'host' | 'guest'
  readonly mine: KeyPair
  readonly peer: string
  readonly linkSecret: Bytes
  readonly ticket: string
}

/** Between clinician and guest. The host proves the chain of its ticket, the guest the secret of its link. */
export async function createHostChannel(options: HostChannelOptions): Promise<PairChannel> {
  const { side, mine, peer, linkSecret, ticket } = options
  const ikm = concat(await agree(mine, peer), linkSecret)
  const salt = await sha256(utf8(ticket))
  const [fromHost, fromGuest] = await Promise.all([deriveKey(ikm, salt, 'host-to-guest'), deriveKey(ikm, salt, 'guest-to-host')])
  return side === 'host' ? createChannel(fromHost, fromGuest) : createChannel(fromGuest, fromHost)
}

/** Between two guests of the newest roster. Another knock of either gives fresh keys. */
export async function createGuestChannel(options: {
  readonly mine: KeyPair
  readonly myEntry: RosterEntry
  readonly peerEntry: RosterEntry
  readonly call: CallId
}): Promise<PairChannel> {
  const { mine, myEntry, peerEntry, call } = options
  const ikm = await agree(mine, peerEntry.guest)
  const salt = await sha256(utf8(call))
  const both = [myEntry, peerEntry].map(({ guest, knock }) => `${guest}:${knock}`).sort()
  const keyOf = (from: GuestKey) => deriveKey(ikm, salt, [...both, from].join('\n'))
  return createChannel(await keyOf(myEntry.guest), await keyOf(peerEntry.guest))
}

async function agree(mine: KeyPair, peer: string): Promise<Bytes> {
  const theirs = await importAgreementKey(peer)
  if (!theirs) throw new TypeError('Not a public key')
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine.agreement, 256))
}

/** HKDF-SHA256 (RFC 5869) to a key for AES-256-GCM that is used in one direction only. */
async function deriveKey(ikm: Bytes, salt: Bytes, direction: string): Promise<KeyHandle> {
  const input = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
  const info = utf8(`alcove/pair/1\n${direction}`)
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, input, 256)
  return crypto.subtle.importKey('raw', new Uint8Array(bits), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const sequenceLength = 8
const ivLength = 12

/**
 * `sequence (8 bytes, big-endian, from 1) ‖ iv (12 random bytes) ‖ AES-256-GCM ciphertext`, the sequence being the
 * additional data. Random ivs, so that not even a peer that forgot its sequence uses one twice with the same key.
 */
function createChannel(sealing: KeyHandle, opening: KeyHandle): PairChannel {
  let sent = 0
  let received = 0
  const sealNext = inOrder()
  const openNext = inOrder()
  return {
    seal: (message) =>
      sealNext(async () => {
        const sequence = sequenceBytes(sent + 1)
        const iv = randomBytes(ivLength)
        const plaintext = utf8(JSON.stringify(message))
        const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: sequence }, sealing, plaintext)
        const data = toBase64Url(concat(sequence, iv, new Uint8Array(ciphertext)))
        if (data.length > maxRelayLength) throw new RangeError('The message is too long to be relayed')
        sent += 1
        return data
      }),
    open: (data) =>
      openNext(async () => {
        const bytes = data.length > maxRelayLength ? null : fromBase64Url(data)
        if (!bytes || bytes.length < sequenceLength + ivLength) return err('unreadable')
        const additionalData = bytes.slice(0, sequenceLength)
        const iv = bytes.slice(sequenceLength, sequenceLength + ivLength)
        let plaintext: ArrayBuffer
        try {
          const ciphertext = bytes.slice(sequenceLength + ivLength)
          plaintext = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, opening, ciphertext)
        } catch {
          return err('unreadable')
        }
        const sequence = Number(new DataView(additionalData.buffer).getBigUint64(0))
        if (sequence <= received) return err('replayed')
        received = sequence
        const message = decode(pairMessage, fromUtf8(new Uint8Array(plaintext)) ?? '', maxRelayLength)
        return message.ok ? ok(message.value) : err('malformed')
      }),
  }
}

function sequenceBytes(sequence: number): Bytes {
  const bytes = new Uint8Array(sequenceLength)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(sequence))
  return bytes
}

/** Runs one task after the other, in the order in which they were asked for. */
function inOrder(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(task, task)
    last = next
    return next
  }
}
