import {
  type AdmissionError,
  type Chain,
  clockSkewMs,
  issueCertificate,
  issueEnd,
  issueNote,
  issueRoster,
  issueTicket,
  maxCertificateMs,
  maxTicketMs,
  type TicketExpectation,
  verifyCertificate,
  verifyEnd,
  verifyNote,
  verifyRoster,
  verifyTicket,
} from '@alcove/shared/crypto/admission'
import { sign } from '@alcove/shared/crypto/signed'
import type { NoteContents, TicketContents } from '@alcove/shared/protocol/peer-messages'
import { describe, expect, test } from 'vitest'
import {
  dayMs,
  keyOf,
  newCall,
  newHash,
  newPair,
  newRoom,
  noon,
  rosterEntry,
  ticketFor,
  withOtherCharacter,
} from '../../../support/crypto-people.ts'

const { room, roomKey, roomPair, device, certificate } = await newRoom()
const elsewhere = await newRoom()
const guest = await newPair()
const other = await newPair()
const chain: Chain = { room, roomKey, certificate, now: noon }
const refused = (error: AdmissionError) => ({ ok: false, error })

describe('certificate', () => {
  const validity = { notBeforeAt: noon, expiresAt: noon + maxCertificateMs, epoch: 3 }
  const check = (signed: string, now = noon) => verifyCertificate(signed, { room, roomKey, now })

  test('lets a device act for the room for 30 days', async () => {
    const signed = await issueCertificate(roomPair, room, device.publicKey, validity)
    expect(await check(signed)).toEqual({ ok: true, value: { room, device: device.publicKey, ...validity } })
  })

  test('counts from its first to its last instant, give or take the skew of two clocks', async () => {
    const signed = await issueCertificate(roomPair, room, device.publicKey, validity)
    expect((await check(signed, noon - clockSkewMs)).ok).toBe(true)
    expect(await check(signed, noon - clockSkewMs - 1)).toEqual(refused('not-yet-valid'))
    expect((await check(signed, validity.expiresAt + clockSkewMs)).ok).toBe(true)
    expect(await check(signed, validity.expiresAt + clockSkewMs + 1)).toEqual(refused('expired'))
  })

  test('is over when it is over by the verifier’s own clock, whatever the server’s clock says', async () => {
    const signed = await issueCertificate(roomPair, room, device.publicKey, validity)
    const at = (ownNow: number) => verifyCertificate(signed, { room, roomKey, now: noon, ownNow })
    expect((await at(validity.expiresAt + clockSkewMs)).ok).toBe(true)
    expect((await at(noon - 31 * dayMs)).ok).toBe(true)
    expect(await at(validity.expiresAt + clockSkewMs + 1)).toEqual(refused('expired'))
  })

  test('is refused when it was made for more than 30 days', async () => {
    const long = { ...validity, expiresAt: validity.expiresAt + 1 }
    expect(await check(await issueCertificate(roomPair, room, device.publicKey, long))).toEqual(refused('valid-too-long'))
  })

  test('of another room, for another room, or by another key is refused', async () => {
    expect(await check(elsewhere.certificate)).toEqual(refused('bad-signature'))
    const forOther = await issueCertificate(roomPair, elsewhere.room, device.publicKey, validity)
    expect(await check(forOther)).toEqual(refused('other-room'))
    const bySelf = await issueCertificate(device, room, device.publicKey, validity)
    expect(await check(bySelf)).toEqual(refused('bad-signature'))
  })

  test('a room key that does not make the room id is refused, whatever it signed', async () => {
    const signed = await issueCertificate(elsewhere.roomPair, room, device.publicKey, validity)
    expect(await verifyCertificate(signed, { room, roomKey: elsewhere.roomKey, now: noon })).toEqual(refused('other-room'))
    expect(await verifyCertificate(signed, { room, roomKey: '', now: noon })).toEqual(refused('other-room'))
    expect(await verifyCertificate(signed, { room, roomKey: 'not base64url', now: noon })).toEqual(refused('other-room'))
  })

  test('the other form of the same room key is no room key', async () => {
    const twin = Buffer.from(roomKey, 'base64url')
    twin[40] = (twin[40] ?? 0) ^ 1
    const signed = await issueCertificate(roomPair, room, device.publicKey, validity)
    expect((await verifyCertificate(signed, { room, roomKey: twin.toString('base64url'), now: noon })).ok).toBe(false)
  })
})

describe('ticket', () => {
  const contentsFor = (change: Partial<TicketContents> = {}) => ticketFor(guest, { room, ...change })
  const expectation = (contents: TicketContents, change: Partial<TicketExpectation> = {}): TicketExpectation => ({
    ...chain,
    guestKey: keyOf(guest),
    knock: contents.knock,
    after: null,
    ...change,
  })

  test('admits the guest whose knock it answers', async () => {
    const contents = await contentsFor()
    expect(await verifyTicket(await issueTicket(device, contents), expectation(contents))).toEqual({ ok: true, value: contents })
  })

  test('admits nobody else, and answers no other knock', async () => {
    const contents = await contentsFor()
    const signed = await issueTicket(device, contents)
    expect(await verifyTicket(signed, expectation(contents, { guestKey: keyOf(other) }))).toEqual(refused('other-guest'))
    expect(await verifyTicket(signed, expectation(contents, { knock: await newHash() }))).toEqual(refused('other-knock'))
  })

  test('counts for 60 seconds, give or take the skew', async () => {
    const contents = await contentsFor()
    const signed = await issueTicket(device, contents)
    const at = (now: number) => verifyTicket(signed, expectation(contents, { now }))
    expect((await at(noon - clockSkewMs)).ok).toBe(true)
    expect(await at(noon - clockSkewMs - 1)).toEqual(refused('not-yet-valid'))
    expect((await at(contents.expiresAt + clockSkewMs)).ok).toBe(true)
    expect(await at(contents.expiresAt + clockSkewMs + 1)).toEqual(refused('expired'))
    const long = await contentsFor({ expiresAt: noon + maxTicketMs + 1 })
    expect(await verifyTicket(await issueTicket(device, long), expectation(long))).toEqual(refused('valid-too-long'))
  })

  test('is accepted once: the same or an older one later does nothing', async () => {
    const contents = await contentsFor()
    const signed = await issueTicket(device, contents)
    expect(await verifyTicket(signed, expectation(contents, { after: noon }))).toEqual(refused('stale'))
    expect(await verifyTicket(signed, expectation(contents, { after: noon + 1 }))).toEqual(refused('stale'))
    expect((await verifyTicket(signed, expectation(contents, { after: noon - 1 }))).ok).toBe(true)
  })

  test('signed by anybody but the certified device is refused', async () => {
    const contents = await contentsFor()
    for (const signer of [roomPair, other, guest, elsewhere.device]) {
      expect(await verifyTicket(await issueTicket(signer, contents), expectation(contents))).toEqual(refused('bad-signature'))
    }
  })

  test('is worth nothing with an expired, foreign or missing certificate', async () => {
    const contents = await contentsFor()
    const signed = await issueTicket(device, contents)
    const validity = { notBeforeAt: noon - 31 * dayMs, expiresAt: noon - dayMs, epoch: 0 }
    const expired = await issueCertificate(roomPair, room, device.publicKey, validity)
    expect(await verifyTicket(signed, expectation(contents, { certificate: expired }))).toEqual(refused('expired'))
    expect(await verifyTicket(signed, expectation(contents, { certificate: elsewhere.certificate }))).toEqual(refused('bad-signature'))
    expect((await verifyTicket(signed, expectation(contents, { certificate: '' }))).ok).toBe(false)
    expect((await verifyTicket(signed, expectation(contents, { certificate: signed }))).ok).toBe(false)
  })

  test('of another room is refused, even by a device that serves both', async () => {
    const contents = await contentsFor({ room: elsewhere.room })
    expect(await verifyTicket(await issueTicket(device, contents), expectation(contents))).toEqual(refused('other-room'))
  })

  test('a statement of another kind with the contents of a ticket is no ticket', async () => {
    const contents = await contentsFor()
    for (const kind of ['note', 'roster', 'end', 'certificate'] as const) {
      expect(await verifyTicket(await sign(kind, contents, device), expectation(contents))).toEqual(refused('bad-signature'))
    }
  })

  test('one changed character anywhere is refused', async () => {
    const contents = await contentsFor()
    const signed = await issueTicket(device, contents)
    for (let at = 0; at < signed.length; at += 7) {
      expect((await verifyTicket(withOtherCharacter(signed, at), expectation(contents))).ok, `character ${at}`).toBe(false)
    }
  })
})

describe('roster', () => {
  test('names the guests of one call; only a newer one counts', async () => {
    const call = newCall()
    const contents = { room, call, sequence: 5, guests: [await rosterEntry(guest), await rosterEntry(other)] }
    const signed = await issueRoster(device, contents)
    expect(await verifyRoster(signed, { ...chain, call, after: 4 })).toEqual({ ok: true, value: contents })
    expect((await verifyRoster(signed, { ...chain, call, after: null })).ok).toBe(true)
    expect(await verifyRoster(signed, { ...chain, call, after: 5 })).toEqual(refused('stale'))
    expect(await verifyRoster(signed, { ...chain, call, after: 6 })).toEqual(refused('stale'))
    expect(await verifyRoster(signed, { ...chain, call: newCall(), after: null })).toEqual(refused('other-call'))
    expect(await verifyRoster(await issueRoster(other, contents), { ...chain, call, after: null })).toEqual(refused('bad-signature'))
  })

  test('holds at most three guests', async () => {
    const call = newCall()
    const guests = await Promise.all(Array.from({ length: 4 }, async () => rosterEntry(await newPair())))
    const signed = await issueRoster(device, { room, call, sequence: 1, guests })
    expect(await verifyRoster(signed, { ...chain, call, after: null })).toEqual(refused('malformed'))
  })
})

describe('end', () => {
  test('ends its own call and no other', async () => {
    const contents = { room, call: newCall(), endedAt: noon }
    const signed = await issueEnd(device, contents)
    expect(await verifyEnd(signed, { ...chain, call: contents.call })).toEqual({ ok: true, value: contents })
    expect(await verifyEnd(signed, { ...chain, call: newCall() })).toEqual(refused('other-call'))
    expect(await verifyEnd(await issueEnd(guest, contents), { ...chain, call: contents.call })).toEqual(refused('bad-signature'))
    const foreign = await issueEnd(device, { ...contents, room: elsewhere.room })
    expect(await verifyEnd(foreign, { ...chain, call: contents.call })).toEqual(refused('other-room'))
  })
})

describe('note', () => {
  const noteFor = async (): Promise<NoteContents> => ({ kind: 'declined', room, guest: keyOf(guest), knock: await newHash(), sentAt: noon })
  const expectation = (note: NoteContents, change: Partial<TicketExpectation> = {}): TicketExpectation => ({
    ...chain,
    guestKey: keyOf(guest),
    knock: note.knock,
    after: null,
    ...change,
  })

  test('speaks to one guest about one knock', async () => {
    const note = await noteFor()
    const signed = await issueNote(device, note)
    expect(await verifyNote(signed, expectation(note))).toEqual({ ok: true, value: note })
    expect(await verifyNote(signed, expectation(note, { guestKey: keyOf(other) }))).toEqual(refused('other-guest'))
    expect(await verifyNote(signed, expectation(note, { knock: await newHash() }))).toEqual(refused('other-knock'))
    expect(await verifyNote(await issueNote(other, note), expectation(note))).toEqual(refused('bad-signature'))
  })

  test('an earlier one that comes again, or one from the future, is refused', async () => {
    const note = await noteFor()
    const signed = await issueNote(device, note)
    expect(await verifyNote(signed, expectation(note, { after: noon }))).toEqual(refused('stale'))
    expect((await verifyNote(signed, expectation(note, { after: noon - 1 }))).ok).toBe(true)
    expect(await verifyNote(signed, expectation(note, { now: noon - clockSkewMs - 1 }))).toEqual(refused('not-yet-valid'))
  })
})
