import { issueCertificate, issueEnd, issueNote, issueRoster, issueTicket } from '@alcove/shared/crypto/admission'
import { fromBase64Url, randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { createHostChannel } from '@alcove/shared/crypto/pair-channel'
import { knockMac, sealKnock, sealNote } from '@alcove/shared/crypto/seal'
import type { NoteContents, PairMessage } from '@alcove/shared/protocol/peer-messages'
import { maxGuests } from '@alcove/shared/protocol/peer-messages'
import { maxFrameBytes, maxKnockLength, maxNoteBytes, maxNoteLength, maxRelayLength } from '@alcove/shared/protocol/session-messages'
import { expect, test } from 'vitest'
import { keyOf, newCall, newHash, newPair, newRoom, rosterEntry } from '../../../support/crypto-people.ts'

/** The largest of everything: instants with 16 digits, names of 80 code units with 3 bytes each. */
const late = Number.MAX_SAFE_INTEGER
const { room, roomKey, roomPair, device } = await newRoom()
const guest = await newPair()
const guestKey = keyOf(guest)
const certificate = await issueCertificate(roomPair, room, device.publicKey, { notBeforeAt: late, expiresAt: late, epoch: late })
const subject = { room, guest: guestKey, knock: await newHash(), sentAt: late }
const notes: readonly NoteContents[] = [
  { ...subject, kind: 'heard', startAt: late },
  { ...subject, kind: 'early', startAt: late, opensAt: late },
  { ...subject, kind: 'restart-offered', call: newCall() },
  ...(['moment', 'replaced', 'declined', 'removed', 'full'] as const).map((kind) => ({ ...subject, kind })),
]

test.each(notes)('the longest note "$kind" fits 1 KiB, and its seal fits the wire', async (note) => {
  const envelope = { certificate, note: await issueNote(device, note) }
  expect(Buffer.byteLength(JSON.stringify(envelope))).toBeLessThanOrEqual(maxNoteBytes)
  expect((await sealNote(envelope, { room, guestKey })).length).toBeLessThanOrEqual(maxNoteLength)
})

test('a note of 1 KiB, sealed, fits the wire', () => {
  const hpkeOverhead = 65 + 16
  expect(toBase64Url(new Uint8Array(maxNoteBytes + hpkeOverhead)).length).toBeLessThanOrEqual(maxNoteLength)
})

test.each(['診'.repeat(80), '"'.repeat(80), '\\'.repeat(80), '👋🏽'.repeat(20)])(
  'a knock with the longest name %j fits the wire',
  async (name) => {
    const mac = await knockMac(randomBytes(16), room, guestKey)
    const contents = { tag: randomId(), mac, name, instance: randomId(), intent: 'restart', call: newCall() } as const
    const sealed = await sealKnock(contents, { room, roomKey, guestKey })
    expect(sealed.length).toBeLessThan(maxKnockLength / 2)
  },
)

test('every signed statement at its largest fits its field', async () => {
  const call = newCall()
  const hostKey = (await newPair()).publicKey
  const guests = await Promise.all(Array.from({ length: maxGuests }, () => rosterEntry(guest)))
  const statements = [
    certificate,
    await issueTicket(device, { room, call, guest: guestKey, knock: subject.knock, hostKey, issuedAt: late, expiresAt: late }),
    await issueRoster(device, { room, call, sequence: late, guests }),
    await issueEnd(device, { room, call, endedAt: late }),
  ]
  for (const statement of statements) expect(statement.length).toBeLessThan(1024)
})

test('the longest relayed data fits a frame', async () => {
  const frame = JSON.stringify({ type: 'relay', to: guestKey, data: 'A'.repeat(maxRelayLength) })
  expect(Buffer.byteLength(frame)).toBeLessThan(maxFrameBytes)
})

test('a description of 32,000 characters, line breaks and all, fits a relay', async () => {
  const options = { side: 'host', mine: device, peer: guestKey, linkSecret: randomBytes(16), ticket: 't' } as const
  const sdp = 'a=ssrc:1 cname:x\r\n'.repeat(2000).slice(0, 32_000)
  const message: PairMessage = { type: 'description', generation: randomId(), kind: 'offer', sdp }
  const data = await (await createHostChannel(options)).seal(message)
  expect(data.length).toBeLessThanOrEqual(maxRelayLength)
  expect(fromBase64Url(data)).not.toBeNull()
})
