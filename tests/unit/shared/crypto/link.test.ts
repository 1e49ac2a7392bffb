import { createHmac } from 'node:crypto'
import { hashText, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, importKeyPair, roomIdOf } from '@alcove/shared/crypto/identity'
import { deriveLink, formatLink, generateLinkKey, type LinkSubject, parseLink } from '@alcove/shared/crypto/link'
import { knockMac, openKnock, sealKnock, verifyKnockMac } from '@alcove/shared/crypto/seal'
import { asId, type PatientId } from '@alcove/shared/domain/ids'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { fc } from '../../../support/property.ts'
import { expect, test } from 'vitest'
import { bytesOf, keyOf, newPair, newRoom, unwrap, withOtherCharacter } from '../../../support/crypto-people.ts'

const room = await newRoom()
const linkKey = generateLinkKey()
const patientId = asId<PatientId>('patient-0001')
const sam: LinkSubject = { kind: 'patient', patientId, generation: 0 }
const standing: LinkSubject = { kind: 'standing', generation: 0 }
const card: LinkCard = {
  clinician: 'Dr. Rivera',
  practice: 'Consulta Río — 診療所',
  phone: '+1 555 0100',
  email: 'desk@clinic.example',
  startMinutes: 29_923_000,
}

async function linkOf(subject: LinkSubject, more: Partial<LinkCard> = {}): Promise<string> {
  const keys = await deriveLink(linkKey, subject)
  return formatLink('https://clinic.example', { roomKey: room.compressed, ...keys, card: { ...card, ...more } })
}
const fragmentOf = (link: string) => new URL(link).hash
const good = await linkOf(sam)

test('a link gives back everything that went into it, on the page and without a server', async () => {
  const keys = await deriveLink(linkKey, sam)
  expect(await parseLink(fragmentOf(good))).toEqual({
    ok: true,
    value: { room: room.room, roomKey: room.roomKey, ...keys, card },
  })
  expect(await parseLink(fragmentOf(good).slice(1))).toEqual(await parseLink(fragmentOf(good)))
})

test('any card comes back as it was', async () => {
  const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength: maxLength / 8 }).filter((any) => any.length <= maxLength)
  const cards = fc.record({
    clinician: text(80),
    practice: text(80),
    phone: text(40),
    email: text(120),
    startMinutes: fc.option(fc.nat()),
  })
  await fc.assert(
    fc.asyncProperty(cards, async (any) => {
      expect(unwrap(await parseLink(fragmentOf(await linkOf(sam, any)))).card).toEqual(any)
    }),
    { numRuns: 60 },
  )
})

test('the whole link is in the fragment, which never reaches a server', () => {
  const url = new URL(good)
  expect(`${url.origin}${url.pathname}${url.search}`).toBe('https://clinic.example/join')
})

test('a typical link is short enough for a text message', () => {
  expect(good.length).toBeLessThan(320)
})

test('every single changed character breaks the link', async () => {
  const fragment = fragmentOf(good).slice(1)
  for (let at = 0; at < fragment.length; at++) {
    expect(await parseLink(withOtherCharacter(fragment, at)), `character ${at}`).toEqual({ ok: false, error: 'broken-link' })
  }
})

test('every cut-off link is broken, an empty one is none', async () => {
  const fragment = fragmentOf(good)
  for (let length = 2; length < fragment.length; length++) {
    expect(await parseLink(fragment.slice(0, length)), `${length} characters`).toEqual({ ok: false, error: 'broken-link' })
  }
  expect(await parseLink('#')).toEqual({ ok: false, error: 'no-link' })
  expect(await parseLink('')).toEqual({ ok: false, error: 'no-link' })
})

test('a link with something left out, doubled, swapped or added is broken', async () => {
  const fragment = fragmentOf(good).slice(1)
  const parts = fragment.split('.')
  const broken = [
    `${fragment}.`,
    `${fragment} `,
    `${fragment}%20`,
    fragment.slice(1),
    fragment.replace('.', '..'),
    fragment.toLowerCase(),
    [parts[0], parts[1], parts[3], parts[2], parts[4], parts[5]].join('.'),
    `${fragment}${fragment}`,
    'a',
    '.',
    '......',
    'über.uns',
    '💛',
  ]
  for (const text of broken) expect(await parseLink(text), text).toEqual({ ok: false, error: 'broken-link' })
})

test('the check never ends in a character that programs leave out of a clickable address', async () => {
  for (let generation = 0; generation < 100; generation++) {
    expect(await linkOf({ kind: 'standing', generation })).toMatch(/\.[A-Za-z0-9]{6}$/)
  }
})

async function withCheck(body: string): Promise<string> {
  return `${body}.${(await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)}`
}

test('a whole link of a newer version is told from a broken one', async () => {
  const body = fragmentOf(good).slice(1).split('.').slice(0, -1)
  expect(await parseLink(await withCheck(['2', ...body.slice(1)].join('.')))).toEqual({ ok: false, error: 'newer-link' })
  expect(await parseLink(await withCheck('17.something.else'))).toEqual({ ok: false, error: 'newer-link' })
  expect(await parseLink(await withCheck(['x', ...body.slice(1)].join('.')))).toEqual({ ok: false, error: 'broken-link' })
})

test('a good check does not make a good link: key, secret, tag and card are looked at', async () => {
  const [version = '', key = '', secret = '', tag = '', cardText = ''] = fragmentOf(good).slice(1).split('.')
  const noPoint = toBase64Url(new Uint8Array(33).fill(0xff).fill(2, 0, 1))
  const cardOf = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)))
  const bodies = [
    [version, noPoint, secret, tag, cardText],
    [version, key, secret.slice(1), tag, cardText],
    [version, key, secret, `${tag}AA`, cardText],
    [version, key, secret, tag, ''],
    [version, key, secret, tag, toBase64Url(new Uint8Array([0xff, 0xfe]))],
    [version, key, secret, tag, cardOf({ clinician: 'Dr. Rivera' })],
    [version, key, secret, tag, cardOf(['a', 'b', 'c', 'd'])],
    [version, key, secret, tag, cardOf(['a', 'b', 'c', 'd', null, 'e'])],
    [version, key, secret, tag, cardOf(['a'.repeat(81), 'b', 'c', 'd', null])],
    [version, key, secret, tag, cardText, 'more'],
    [version, key, secret, tag],
  ]
  for (const body of bodies) {
    expect(await parseLink(await withCheck(body.join('.'))), body.join('.')).toEqual({ ok: false, error: 'broken-link' })
  }
})

test('a link stays equal whatever appointments do: nothing of them goes into it but the first planned start', async () => {
  // An appointment is created, moved, cancelled, booked anew: patient, generation and first start are what they were.
  expect(await linkOf(sam)).toBe(good)
  const keys = await deriveLink(linkKey, sam)
  const withoutStart = unwrap(await parseLink(fragmentOf(await linkOf(sam, { startMinutes: null }))))
  expect({ secret: withoutStart.secret, tag: withoutStart.tag }).toEqual(keys)
})

test('each patient, each generation, the standing link and each clinician have their own secret and tag', async () => {
  const subjects: LinkSubject[] = [
    sam,
    { ...sam, generation: 1 },
    { ...sam, generation: 10 },
    { kind: 'patient', patientId: asId<PatientId>('patient-0002'), generation: 0 },
    { kind: 'patient', patientId: asId<PatientId>('patient-000'), generation: 10 },
    standing,
    { ...standing, generation: 1 },
  ]
  const all = await Promise.all([linkKey, generateLinkKey()].flatMap((key) => subjects.map((subject) => deriveLink(key, subject))))
  expect(new Set(all.map(({ tag }) => tag)).size).toBe(all.length)
  expect(new Set(all.map(({ secret }) => toBase64Url(secret))).size).toBe(all.length)
})

test('secret and tag are what PROTOCOL.md says, computed by Node alone', async () => {
  const mac = (label: string) => createHmac('sha256', linkKey).update(`${label}\0patient\npatient-0001\n0`).digest().subarray(0, 16)
  const { secret, tag } = await deriveLink(linkKey, sam)
  expect(Buffer.from(secret)).toEqual(mac('alcove/link-secret/1'))
  expect(tag).toBe(mac('alcove/link-tag/1').toString('base64url'))
})

test('the room is a wrapped secret: the same room again from it, and old links still work', async () => {
  const oldLink = unwrap(await parseLink(fragmentOf(good)))
  // A patient with the old link knocks.
  const guest = await newPair()
  const guestKey = keyOf(guest)
  const mac = await knockMac(oldLink.secret, oldLink.room, guestKey)
  const contents = { tag: oldLink.tag, mac, name: 'Sam', instance: 'i'.repeat(22), intent: 'arrive' as const, call: null }
  const sealed = await sealKnock(contents, { room: oldLink.room, roomKey: oldLink.roomKey, guestKey })

  // The clinician's other device has nothing but the wrapped secrets, wrapped and unwrapped again.
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const wrapped = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, room.secret)
  const again = await importKeyPair(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, wrapped)))

  expect(await roomIdOf(compressPublicKey(bytesOf(again.publicKey)))).toBe(oldLink.room)
  const opened = unwrap(await openKnock(sealed, { room: oldLink.room, roomPair: again, guestKey }))
  const derived = await deriveLink(linkKey, sam)
  expect(opened.tag).toBe(derived.tag)
  expect(await verifyKnockMac(derived.secret, oldLink.room, guestKey, opened.mac)).toBe(true)
})

test('a replaced link is known by its tag and no longer proves anything for the new one', async () => {
  const [old, replaced] = [await deriveLink(linkKey, sam), await deriveLink(linkKey, { ...sam, generation: 1 })]
  const guestKey = keyOf(await newPair())
  const mac = await knockMac(old.secret, room.room, guestKey)
  expect(await verifyKnockMac(replaced.secret, room.room, guestKey, mac)).toBe(false)
  expect(old.tag).not.toBe(replaced.tag)
})
