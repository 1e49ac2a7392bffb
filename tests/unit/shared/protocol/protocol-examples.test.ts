import { readFileSync } from 'node:fs'
import { verifyCertificate, verifyEnd, verifyNote, verifyRoster, verifyTicket } from '@alcove/shared/crypto/admission'
import { hashText } from '@alcove/shared/crypto/bytes'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveLink, formatLink, parseLink } from '@alcove/shared/crypto/link'
import { createHostChannel } from '@alcove/shared/crypto/pair-channel'
import { openKnock, openNote, verifyKnockMac } from '@alcove/shared/crypto/seal'
import { verifyAuthentication } from '@alcove/shared/crypto/signed'
import { asId, type PatientId } from '@alcove/shared/domain/ids'
import { decode } from '@alcove/shared/protocol/decode'
import { logErrorCodes } from '@alcove/shared/protocol/log-messages'
import { errorCodes } from '@alcove/shared/protocol/session-messages'
import { syncErrorCodes } from '@alcove/shared/protocol/sync-messages'
import { describe, expect, test } from 'vitest'
import { bytesOf, keyOf, unwrap } from '../../../support/crypto-people.ts'
import { examplesIn, type SchemaName, schemas } from '../../../support/wire-examples.ts'

const markdown = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const examples = examplesIn(markdown)
const maxLength = 64 * 1024

test.each(examples)('PROTOCOL.md line $line is a good "$schema"', ({ schema, text }) => {
  expect(decode<unknown>(schemas[schema], text, maxLength).ok, text).toBe(true)
})

test('every JSON block says what it is an example of', () => {
  const marks = Array.from(markdown.matchAll(/^```json(.*)$/gm), ([, mark = '']) => mark.trim())
  const keys = ['keys', 'practice-keys', 'recovery-kit', 'log-example']
  expect(marks.filter((mark) => !keys.includes(mark) && !Object.hasOwn(schemas, mark))).toEqual([])
  expect(examples).toHaveLength(marks.length - keys.length)
})

/** The words by which the messages of a union are told apart: `type`, `role` and `kind`. */
function wordsOf(message: Readonly<Record<string, unknown>>): string {
  return ['type', 'role', 'kind']
    .map((key) => message[key])
    .filter((word) => typeof word === 'string')
    .join(' ')
}

const unions = [
  'authenticate',
  'guest-to-server',
  'host-to-server',
  'server-to-guest',
  'server-to-host',
  'note',
  'handover',
  'own-device',
  'sync-client',
  'sync-server',
  'log-client',
  'log-server',
  'extension-page',
  'extension-to-page',
] as const

test.each(unions)('every message of "%s" has an example', (union) => {
  const known = schemas[union].options.map(({ entries }) => {
    const literals = Object.entries(entries).map(([key, schema]) => [key, 'literal' in schema ? schema.literal : null])
    return wordsOf(Object.fromEntries(literals))
  })
  const shown = examples.filter(({ schema }) => schema === union).map(({ text }) => wordsOf(JSON.parse(text)))
  expect([...new Set(shown)].sort()).toEqual([...new Set(known)].sort())
})

test('every pair message, and both kinds of description, have an example', () => {
  const shown = new Set(examples.filter(({ schema }) => schema === 'pair').map(({ text }) => wordsOf(JSON.parse(text))))
  expect([...shown].sort()).toEqual([
    'bye',
    'candidates',
    'description answer',
    'description offer',
    'end',
    'hello',
    'restart-ice',
    'status',
  ])
  expect(schemas.pair.options).toHaveLength(7)
})

test('every error code stands in the text', () => {
  const plain = markdown.replaceAll(/```[\s\S]*?```/g, '')
  expect([...errorCodes, ...syncErrorCodes, ...logErrorCodes].filter((code) => !plain.includes(`\`${code}\``))).toEqual([])
})

type Keys = Readonly<
  Record<'origin' | 'roomSecret' | 'deviceSecret' | 'guestSecret' | 'hostSecret' | 'linkKey' | 'patientId' | 'link', string>
> & {
  readonly generation: number
}

/** The first example of a schema that has these words. */
function exampleOf<Name extends SchemaName>(schema: Name, words = '') {
  const found = examples.find((example) => example.schema === schema && wordsOf(JSON.parse(example.text)) === words)
  if (!found) throw new Error(`No example of ${schema} ${words}`)
  return JSON.parse(found.text)
}

describe('the session in the appendix', async () => {
  const keys: Keys = JSON.parse(/^```json keys\n([\s\S]*?)^```$/m.exec(markdown)?.[1] ?? '')
  const pairOf = (secret: string) => importKeyPair(bytesOf(secret))
  const [roomPair, device, guest, host] = await Promise.all(
    [keys.roomSecret, keys.deviceSecret, keys.guestSecret, keys.hostSecret].map(pairOf),
  )
  if (!roomPair || !device || !guest || !host) throw new Error('keys are missing')
  const link = unwrap(await parseLink(new URL(keys.link).hash))
  const { room, roomKey } = link
  const guestKey = keyOf(guest)
  const hostAnswer = exampleOf('authenticate', 'authenticate host')
  const certificate: string = hostAnswer.certificate
  const knocking = exampleOf('guest-to-server', 'knock')
  const knock = await hashText(knocking.sealed)
  const admission = exampleOf('host-to-server', 'admit')
  const at = (now: number) => ({ room, roomKey, certificate, now })

  test('has a link that is made from its keys, to the character', async () => {
    const { secret, tag } = await deriveLink(bytesOf(keys.linkKey), {
      kind: 'patient',
      patientId: asId<PatientId>(keys.patientId),
      generation: keys.generation,
    })
    expect({ secret, tag }).toEqual({ secret: link.secret, tag: link.tag })
    expect(roomKey).toBe(roomPair.publicKey)
    const compressed = bytesOf(new URL(keys.link).hash.split('.')[1] ?? '')
    expect(await formatLink(keys.origin, { roomKey: compressed, secret, tag, card: link.card })).toBe(keys.link)
  })

  test('has a device and a guest that answer their hellos', async () => {
    const certified = unwrap(await verifyCertificate(certificate, at(exampleOf('server-to-host', 'hello').now)))
    expect(certified).toEqual(exampleOf('certificate'))
    expect(certified.device).toBe(device.publicKey)
    for (const [role, hello, publicKey] of [
      ['host', exampleOf('server-to-host', 'hello'), device.publicKey],
      ['guest', exampleOf('server-to-guest', 'hello'), guestKey],
    ] as const) {
      const { connection, nonce } = hello
      const { signature } = exampleOf('authenticate', `authenticate ${role}`)
      expect(await verifyAuthentication(publicKey, { origin: keys.origin, connection, nonce, role, room }, signature)).toBe(true)
    }
  })

  test('has a knock that the room opens and that proves the link', async () => {
    const contents = unwrap(await openKnock(knocking.sealed, { room, roomPair, guestKey }))
    expect(contents).toEqual(exampleOf('knock'))
    expect(await verifyKnockMac(link.secret, room, guestKey, contents.mac)).toBe(true)
  })

  test('has a note that the guest opens and believes', async () => {
    const { sealed } = exampleOf('server-to-guest', 'note')
    const envelope = unwrap(await openNote(sealed, { room, guestPair: guest }))
    expect(envelope).toEqual(exampleOf('note-envelope'))
    const note = exampleOf('note', 'heard')
    const expected = { room, roomKey, certificate: envelope.certificate, now: note.sentAt, guestKey, knock, after: null }
    expect(unwrap(await verifyNote(envelope.note, expected))).toEqual(note)
  })

  test('has a ticket, a roster and an end that count', async () => {
    const ticket = exampleOf('ticket')
    const expected = { ...at(ticket.issuedAt), guestKey, knock, after: null }
    expect(unwrap(await verifyTicket(admission.ticket, expected))).toEqual(ticket)
    const { call } = ticket
    const roster = exampleOf('host-to-server', 'roster').roster
    expect(unwrap(await verifyRoster(roster, { ...at(ticket.issuedAt), call, after: null }))).toEqual(exampleOf('roster'))
    const end = exampleOf('end')
    expect(unwrap(await verifyEnd(exampleOf('host-to-server', 'end').end, { ...at(end.endedAt), call }))).toEqual(end)
  })

  test('has a pair channel whose messages open on both sides', async () => {
    const shared = { linkSecret: link.secret, ticket: admission.ticket }
    const hostSide = await createHostChannel({ side: 'host', mine: host, peer: guestKey, ...shared })
    const guestSide = await createHostChannel({ side: 'guest', mine: guest, peer: exampleOf('ticket').hostKey, ...shared })
    expect(unwrap(await guestSide.open(exampleOf('host-to-server', 'relay').data))).toEqual(exampleOf('pair', 'description offer'))
    expect(unwrap(await hostSide.open(exampleOf('guest-to-server', 'relay').data))).toEqual(exampleOf('pair', 'hello'))
  })
})
