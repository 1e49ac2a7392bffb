import type { PatientId, RoomId } from '../domain/ids.ts'
import { err, ok, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import { type LinkCard, linkCard } from '../protocol/peer-messages.ts'
import { type Bytes, fromBase64Url, fromUtf8, hashText, randomBytes, toBase64Url, utf8 } from './bytes.ts'
import { decompressPublicKey, roomIdOf } from './identity.ts'
import { hmac } from './mac.ts'

/**
 * `<origin>/join#1.<room key>.<secret>.<tag>.<card>.<check>`, all parts base64url (docs/PROTOCOL.md, "Links"). A link
 * depends on the link key, on whose it is and on its generation, and on nothing that happens to appointments.
 */
export type LinkSubject =
  | { readonly kind: 'patient'; readonly patientId: PatientId; readonly generation: number }
  /** The clinician's own link for everybody (S24). */
  | { readonly kind: 'standing'; readonly generation: number }

/** `secret`: 16 bytes. `tag`: 16 bytes in base64url, names the link inside a knock without giving its secret away. */
export type LinkKeys = { readonly secret: Bytes; readonly tag: string }

/** `roomKey`: 65 bytes uncompressed, base64url. */
export type ParsedLink = LinkKeys & {
  readonly room: RoomId
  readonly roomKey: string
  readonly card: LinkCard
}

/** `broken-link`: cut off, mistyped or never a link. `newer-link`: whole, but made by a newer Alcove. */
export type LinkError = 'no-link' | 'broken-link' | 'newer-link'

const version = '1'
const maxCardLength = 2048

/** 32 bytes; one per clinician, shared within the practice. */
export function generateLinkKey(): Bytes {
  return randomBytes(32)
}

export async function deriveLink(linkKey: Bytes, subject: LinkSubject): Promise<LinkKeys> {
  const { kind, generation } = subject
  const text = kind === 'patient' ? `${kind}\n${subject.patientId}\n${generation}` : `${kind}\n${generation}`
  const [secret, tag] = await Promise.all([
    hmac(linkKey, utf8(`alcove/link-secret/1\0${text}`)),
    hmac(linkKey, utf8(`alcove/link-tag/1\0${text}`)),
  ])
  return { secret: secret.slice(0, 16), tag: toBase64Url(tag.slice(0, 16)) }
}

/** `origin`: `https://clinic.example`. `roomKey`: 33 bytes compressed. */
export async function formatLink(
  origin: string,
  { roomKey, secret, tag, card }: LinkKeys & { readonly roomKey: Bytes; readonly card: LinkCard },
): Promise<string> {
  const { clinician, practice, phone, email, startMinutes } = card
  const cardText = toBase64Url(utf8(JSON.stringify([clinician, practice, phone, email, startMinutes])))
  const body = [version, toBase64Url(roomKey), toBase64Url(secret), tag, cardText].join('.')
  return `${origin}/join#${body}.${await checkOf(body)}`
}

/** `fragment`: `location.hash`, with or without the `#`. Needs no server and never throws. */
export async function parseLink(fragment: string): Promise<Result<ParsedLink, LinkError>> {
  const text = fragment.replace(/^#/, '')
  if (text === '') return err('no-link')
  const lastDot = text.lastIndexOf('.')
  const body = text.slice(0, Math.max(lastDot, 0))
  if (text.slice(lastDot + 1) !== (await checkOf(body))) return err('broken-link')
  const [linkVersion, keyText = '', secretText = '', tag = '', cardText = '', ...rest] = body.split('.')
  if (linkVersion !== version) return err(/^\d+$/.test(linkVersion ?? '') ? 'newer-link' : 'broken-link')
  const [compressed, secret, tagBytes, cardBytes] = [keyText, secretText, tag, cardText].map(fromBase64Url)
  const point = compressed && decompressPublicKey(compressed)
  const card = decode(linkCard, (cardBytes && fromUtf8(cardBytes)) ?? '', maxCardLength)
  if (!point || secret?.length !== 16 || tagBytes?.length !== 16 || !card.ok || rest.length > 0) return err('broken-link')
  return ok({
    room: await roomIdOf(compressed),
    roomKey: toBase64Url(point),
    secret,
    tag,
    card: card.value,
  })
}

/**
 * Six letters or digits of the hash of everything before it. The same in every version, so that a mistyped version is
 * told from a newer one. Without `-` and `_`, which programs like to leave out when they make an address clickable.
 */
async function checkOf(body: string): Promise<string> {
  return (await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)
}
