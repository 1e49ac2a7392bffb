import type { DeviceKey } from '../domain/ids.ts'
import { err, ok, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import {
  type InvitationKind,
  type PairingMessage,
  pairingMessage,
  type WelcomeContents,
  welcomeContents,
} from '../protocol/sync-messages.ts'
import { type Bytes, concat, fromBase64Url, fromUtf8, hashText, randomBytes, sha256, toBase64Url, utf8 } from './bytes.ts'
import { hpkeOpen, hpkeSeal } from './hpke.ts'
import { importAgreementKey, type KeyHandle, type KeyPair } from './identity.ts'
import { hkdf } from './mac.ts'

/**
 * `<origin>/join-practice#1.<secret>.<expiry>.<check>` (docs/PROTOCOL.md, "Invitation"). Whoever has the link can talk to
 * the inviting device, and no more: what is let in is decided by comparing the code.
 */
export type Invitation = {
  /** 16 bytes. */
  readonly secret: Bytes
  /** Epoch ms, whole minutes. What the inviting device says counts; this lets the page explain a silence. */
  readonly expiresAt: number
}

/** `broken-link`: cut off or mistyped. `newer-link`: whole, but made by a newer Alcove. */
export type InvitationError = 'no-link' | 'broken-link' | 'newer-link'

const version = '1'
const minuteMs = 60_000
/** JSON of a message, sealed and in base64url; below what a frame of the server may have. */
const maxSealedLength = 60 * 1024
/** Of the welcome, per part: 4/3 for base64url twice over stays below the frame's limit. */
const partLength = 30_000
const maxParts = 256

export function generateInvitation(expiresAt: number): Invitation {
  return { secret: randomBytes(16), expiresAt: Math.ceil(expiresAt / minuteMs) * minuteMs }
}

/** `origin`: `https://clinic.example`. */
export async function formatInvitation(origin: string, { secret, expiresAt }: Invitation): Promise<string> {
  const body = [version, toBase64Url(secret), Math.round(expiresAt / minuteMs).toString(36)].join('.')
  return `${origin}/join-practice#${body}.${await checkOf(body)}`
}

/** `text`: a whole link as it was pasted, or `location.hash`. Needs no server and never throws. */
export async function parseInvitation(text: string): Promise<Result<Invitation, InvitationError>> {
  const fragment = text.slice(text.indexOf('#') + 1).trim()
  if (fragment === '') return err('no-link')
  const lastDot = fragment.lastIndexOf('.')
  const body = fragment.slice(0, Math.max(lastDot, 0))
  if (fragment.slice(lastDot + 1) !== (await checkOf(body))) return err('broken-link')
  const [linkVersion = '', secretText = '', minutes = '', ...rest] = body.split('.')
  if (linkVersion !== version) return err(/^\d+$/.test(linkVersion) ? 'newer-link' : 'broken-link')
  const secret = fromBase64Url(secretText)
  if (secret?.length !== 16 || !/^[0-9a-z]{1,8}$/.test(minutes) || rest.length > 0) return err('broken-link')
  return ok({ secret, expiresAt: Number.parseInt(minutes, 36) * minuteMs })
}

/** Letters and digits of the hash: programs that make addresses clickable like to leave `-` and `_` out. */
async function checkOf(body: string): Promise<string> {
  return (await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)
}

/** Where the two devices meet, and how they seal what they say there. */
export type InvitationKeys = { readonly topic: string; readonly key: KeyHandle }

export async function deriveInvitationKeys(secret: Bytes): Promise<InvitationKeys> {
  const [topic, keyBytes] = await Promise.all([hkdf(secret, 'alcove/invitation-topic/1', 32), hkdf(secret, 'alcove/invitation-seal/1', 32)])
  return { topic: toBase64Url(topic), key: await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt']) }
}

/** base64url of IV (12 bytes) ‖ ciphertext, bound to the topic. */
export async function sealPairing({ topic, key }: InvitationKeys, message: PairingMessage): Promise<string> {
  const iv = randomBytes(12)
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(topic) } as const
  const sealed = await crypto.subtle.encrypt(algorithm, key, utf8(JSON.stringify(message)))
  return toBase64Url(concat(iv, new Uint8Array(sealed)))
}

/** Null for anything that the holder of the link did not say here. Never throws. */
export async function openPairing({ topic, key }: InvitationKeys, sealed: string): Promise<PairingMessage | null> {
  const bytes = sealed.length <= maxSealedLength ? fromBase64Url(sealed) : null
  if (!bytes || bytes.length < 12) return null
  try {
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, 12), additionalData: utf8(topic) } as const
    const text = fromUtf8(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(12))))
    const message = decode(pairingMessage, text ?? '', maxSealedLength)
    return message.ok ? message.value : null
  } catch {
    return null
  }
}

/** What both devices have seen when they show the code. The nonces: 22 characters, fresh. */
export type PairingTranscript = {
  readonly inviter: DeviceKey
  readonly inviterNonce: string
  readonly joiner: DeviceKey
  readonly joinerNonce: string
  readonly kind: InvitationKind
  readonly practice: string
  readonly member: string
}

/** The joiner says this before it knows the inviter's nonce, so that neither side can steer the code. base64url SHA-256. */
export function pairingCommitment(device: DeviceKey, nonce: string): Promise<string> {
  return hashText(`alcove/invitation-reveal/1\n${device}\n${nonce}`)
}

/** Six digits. A stranger in the middle has one try at one in a million. */
export async function pairingCode(secret: Bytes, transcript: PairingTranscript): Promise<string> {
  const hash = await transcriptHash(transcript)
  const bytes = await hkdf(concat(secret, hash), 'alcove/invitation-code/1', 8)
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % 1_000_000n
  return String(number).padStart(6, '0')
}

/**
 * The welcome in parts, each sealed to the joiner's device (HPKE, base mode). What the two devices' own keys agree on is
 * in the info: nobody but the device whose code was compared can make a welcome that opens, whoever has the link.
 * Null for a joiner without a key or a welcome that is too large.
 */
export async function sealWelcome(
  transcript: PairingTranscript,
  inviter: KeyPair,
  contents: WelcomeContents,
): Promise<readonly Extract<PairingMessage, { type: 'welcome' }>[] | null> {
  const info = await welcomeInfo(transcript, inviter, transcript.joiner)
  const plaintext = utf8(JSON.stringify(contents))
  const parts = Math.ceil(plaintext.length / partLength)
  if (!info || parts > maxParts) return null
  const sealed: Extract<PairingMessage, { type: 'welcome' }>[] = []
  for (let part = 0; part < parts; part++) {
    const slice = plaintext.slice(part * partLength, (part + 1) * partLength)
    const bytes = await hpkeSeal(transcript.joiner, info, partOf(part, parts), slice)
    if (!bytes) return null
    sealed.push({ type: 'welcome', part, parts, sealed: toBase64Url(bytes) })
  }
  return sealed
}

export type WelcomeReader = {
  /** False for a part that is not of this welcome. The same one twice does no harm. */
  take(message: Extract<PairingMessage, { type: 'welcome' }>): Promise<boolean>
  /** 0..1. */
  progress(): number
  /** Once all parts are there; `broken` when together they make no sense. */
  contents(): WelcomeContents | 'broken' | null
}

/** Null when the inviting device's key is none. */
export async function createWelcomeReader(transcript: PairingTranscript, joiner: KeyPair): Promise<WelcomeReader | null> {
  const info = await welcomeInfo(transcript, joiner, transcript.inviter)
  if (!info) return null
  const opened = new Map<number, Bytes>()
  let parts = 0
  return {
    async take(message) {
      if (message.part >= message.parts || message.parts > maxParts || (parts !== 0 && message.parts !== parts)) return false
      if (opened.has(message.part)) return true
      const sealed = fromBase64Url(message.sealed)
      const bytes = sealed && (await hpkeOpen(joiner, info, partOf(message.part, message.parts), sealed))
      if (!bytes) return false
      parts = message.parts
      opened.set(message.part, bytes)
      return true
    },
    progress: () => (parts === 0 ? 0 : opened.size / parts),
    contents() {
      if (parts === 0 || opened.size < parts) return null
      const whole = concat(...[...opened].sort(([a], [b]) => a - b).map(([, bytes]) => bytes))
      const decoded = decode(welcomeContents, fromUtf8(whole) ?? '', partLength * maxParts)
      return decoded.ok ? decoded.value : 'broken'
    },
  }
}

function partOf(part: number, parts: number): Bytes {
  return utf8(`${part}/${parts}`)
}

async function welcomeInfo(transcript: PairingTranscript, mine: KeyPair, theirs: DeviceKey): Promise<Bytes | null> {
  const key = await importAgreementKey(theirs)
  if (!key) return null
  const agreed = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: key }, mine.agreement, 256))
  return concat(utf8('alcove/welcome/1\0'), await transcriptHash(transcript), agreed)
}

function transcriptHash(transcript: PairingTranscript): Promise<Bytes> {
  const { inviter, inviterNonce, joiner, joinerNonce, kind, practice, member } = transcript
  return sha256(
    utf8(JSON.stringify(['alcove/invitation-transcript/1', inviter, inviterNonce, joiner, joinerNonce, kind, practice, member])),
  )
}
