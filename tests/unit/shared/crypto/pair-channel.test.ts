import { createECDH, createDecipheriv, hkdfSync } from 'node:crypto'
import { fromBase64Url, randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { createGuestChannel, createHostChannel, type PairChannel } from '@alcove/shared/crypto/pair-channel'
import type { PairMessage } from '@alcove/shared/protocol/peer-messages'
import { expect, test } from 'vitest'
import { bytesOf, newCall, newPair, rosterEntry, unwrap, withFlippedBit } from '../../../support/crypto-people.ts'

const ticket = 'ticket-payload.ticket-signature'
const linkSecret = randomBytes(16)
const hostSecret = await generateSecret()
const [host, guest] = [await importKeyPair(hostSecret), await newPair()]
const hello: PairMessage = { type: 'hello', instance: 'i'.repeat(22) }
const bye: PairMessage = { type: 'bye' }

type Sides = { host: KeyPair; guest: KeyPair; linkSecret: Uint8Array<ArrayBuffer>; ticket: string }

function hostSide(change: Partial<Sides> = {}): Promise<PairChannel> {
  const sides = { host, guest, linkSecret, ticket, ...change }
  return createHostChannel({
    side: 'host',
    mine: sides.host,
    peer: sides.guest.publicKey,
    linkSecret: sides.linkSecret,
    ticket: sides.ticket,
  })
}
function guestSide(change: Partial<Sides> = {}): Promise<PairChannel> {
  const sides = { host, guest, linkSecret, ticket, ...change }
  return createHostChannel({
    side: 'guest',
    mine: sides.guest,
    peer: sides.host.publicKey,
    linkSecret: sides.linkSecret,
    ticket: sides.ticket,
  })
}

test('both sides understand each other, in both directions', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  for (const message of [hello, bye, hello]) {
    expect(await g.open(await h.seal(message))).toEqual({ ok: true, value: message })
    expect(await h.open(await g.seal(message))).toEqual({ ok: true, value: message })
  }
})

test('a description of full size goes through, a longer one is refused by its sender', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  const line = 'a=candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host\r\n'
  const description = (length: number): PairMessage => ({
    type: 'description',
    generation: 'g'.repeat(22),
    kind: 'offer',
    sdp: line.repeat(Math.ceil(length / line.length)).slice(0, length),
  })
  expect(unwrap(await g.open(await h.seal(description(32_000))))).toEqual(description(32_000))
  await expect(h.seal(description(60_000))).rejects.toThrow(RangeError)
  expect(await g.open(await h.seal(bye))).toEqual({ ok: true, value: bye })
})

test('another ticket, link, guest or host gives keys that open nothing', async () => {
  const data = await (await hostSide()).seal(hello)
  const others: Partial<Sides>[] = [
    { ticket: `${ticket}x` },
    { linkSecret: withFlippedBit(linkSecret, 0) },
    { linkSecret: randomBytes(32) },
    { guest: await newPair() },
    { host: await newPair() },
  ]
  for (const other of others) {
    expect(await (await guestSide(other)).open(data)).toEqual({ ok: false, error: 'unreadable' })
  }
  expect((await (await guestSide()).open(data)).ok).toBe(true)
})

test('a message sent back to its sender opens nothing', async () => {
  const h = await hostSide()
  expect(await h.open(await h.seal(hello))).toEqual({ ok: false, error: 'unreadable' })
})

test('a turned bit at any byte is noticed, and the channel goes on', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  const data = await h.seal(hello)
  const bytes = bytesOf(data)
  for (let at = 0; at < bytes.length; at++) {
    const changed = toBase64Url(withFlippedBit(bytes, at, at % 8))
    expect(await g.open(changed), `byte ${at}`).toEqual({ ok: false, error: 'unreadable' })
  }
  for (const length of [0, 7, 19, 20, 36, bytes.length - 1]) {
    expect((await g.open(toBase64Url(bytes.slice(0, length)))).ok, `${length} bytes`).toBe(false)
  }
  expect(await g.open(data)).toEqual({ ok: true, value: hello })
})

test('a replayed message is refused', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  const data = await h.seal(hello)
  expect((await g.open(data)).ok).toBe(true)
  expect(await g.open(data)).toEqual({ ok: false, error: 'replayed' })
})

test('of two messages in the wrong order the late one is refused, a dropped one is no harm', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  const [first, , third] = [await h.seal(hello), await h.seal(hello), await h.seal(bye)]
  expect((await g.open(third)).ok).toBe(true)
  expect(await g.open(first)).toEqual({ ok: false, error: 'replayed' })
  expect((await g.open(await h.seal(bye))).ok).toBe(true)
})

test('messages asked for at once are sealed in that order, and opened in the order they came', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  const messages = Array.from(
    { length: 30 },
    (_, revision): PairMessage => ({
      type: 'status',
      revision,
      name: 'Sam',
      microphone: 'on',
      camera: 'none',
      screen: false,
    }),
  )
  const sealed = await Promise.all(messages.map((message) => h.seal(message)))
  expect(sealed.map((data) => Number(new DataView(bytesOf(data).buffer).getBigUint64(0)))).toEqual(messages.map((_, index) => index + 1))
  const opened = await Promise.all(sealed.map((data) => g.open(data)))
  expect(opened.map(unwrap)).toEqual(messages)
})

test('text that is no message, and honest bytes without sense, never throw', async () => {
  const [h, g] = [await hostSide(), await guestSide()]
  for (const text of ['', 'AAAA', '💛', 'A'.repeat(60_001)]) expect(await g.open(text)).toEqual({ ok: false, error: 'unreadable' })
  for (const nonsense of [{ type: 'shout' }, { ...hello, more: 1 }, { type: 'hello' }, []]) {
    expect(await g.open(await h.seal(nonsense as unknown as PairMessage))).toEqual({ ok: false, error: 'malformed' })
  }
  expect((await g.open(await h.seal(hello))).ok).toBe(true)
})

test('the same channel made twice never seals two messages alike', async () => {
  const [one, two] = [await hostSide(), await hostSide()]
  const [a, b] = [bytesOf(await one.seal(hello)), bytesOf(await two.seal(hello))]
  expect(a.slice(8, 20)).not.toEqual(b.slice(8, 20))
  expect(a.slice(20)).not.toEqual(b.slice(20))
})

test('the channel is the one that PROTOCOL.md describes, opened by Node alone', async () => {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(hostSecret.slice(36, 68))
  const ikm = Buffer.concat([ecdh.computeSecret(bytesOf(guest.publicKey)), linkSecret])
  const salt = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(ticket)))
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'alcove/pair/1\nguest-to-host', 32))
  const bytes = Buffer.from(bytesOf(await (await guestSide()).seal(hello)))
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(8, 20))
  decipher.setAAD(bytes.subarray(0, 8))
  decipher.setAuthTag(bytes.subarray(-16))
  const plaintext = Buffer.concat([decipher.update(bytes.subarray(20, -16)), decipher.final()])
  expect(JSON.parse(plaintext.toString())).toEqual(hello)
})

test('a channel with a text that is no key is not made', async () => {
  await expect(createHostChannel({ side: 'host', mine: host, peer: 'AAAA', linkSecret, ticket })).rejects.toThrow(TypeError)
})

const [ana, ben] = [await newPair(), await newPair()]
const [anaEntry, benEntry] = [await rosterEntry(ana), await rosterEntry(ben)]
const call = newCall()
const fromAna = (change: Partial<Parameters<typeof createGuestChannel>[0]> = {}) =>
  createGuestChannel({ mine: ana, myEntry: anaEntry, peerEntry: benEntry, call, ...change })
const fromBen = (change: Partial<Parameters<typeof createGuestChannel>[0]> = {}) =>
  createGuestChannel({ mine: ben, myEntry: benEntry, peerEntry: anaEntry, call, ...change })

test('two guests of a roster understand each other', async () => {
  const [a, b] = [await fromAna(), await fromBen()]
  expect(await b.open(await a.seal(hello))).toEqual({ ok: true, value: hello })
  expect(await a.open(await b.seal(bye))).toEqual({ ok: true, value: bye })
  expect(await a.open(await a.seal(bye))).toEqual({ ok: false, error: 'unreadable' })
})

test('between guests another call, knock or key opens nothing', async () => {
  const data = await (await fromAna()).seal(hello)
  const eve = await newPair()
  const others = [
    fromBen({ call: newCall() }),
    fromBen({ myEntry: await rosterEntry(ben) }),
    fromBen({ peerEntry: await rosterEntry(ana) }),
    createGuestChannel({ mine: eve, myEntry: benEntry, peerEntry: anaEntry, call }),
    createGuestChannel({ mine: eve, myEntry: await rosterEntry(eve), peerEntry: anaEntry, call }),
  ]
  for (const other of others) expect(await (await other).open(data)).toEqual({ ok: false, error: 'unreadable' })
  expect((await (await fromBen()).open(data)).ok).toBe(true)
})

test('data is base64url', async () => {
  expect(fromBase64Url(await (await fromAna()).seal(hello))).not.toBeNull()
})
