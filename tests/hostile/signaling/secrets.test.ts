import { hashText, randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import { issueNote } from '@alcove/shared/crypto/admission'
import { createHostChannel } from '@alcove/shared/crypto/pair-channel'
import { knockMac, sealKnock, sealNote } from '@alcove/shared/crypto/seal'
import { expect, it } from 'vitest'
import { keyOf, newCall, newPair, newRoom } from '../../support/crypto-people.ts'
import { startServer } from '../../support/server.ts'
import { openTap } from '../../support/signaling/tap.ts'
import { connectGuest, connectHost, openWebSocket } from '../../support/wire-client.ts'

/** Every form in which a text could hide in bytes: as it is, and inside base64 at each of the three offsets, both alphabets. */
function formsOf(secret: Buffer): Map<string, Buffer> {
  const forms = new Map<string, Buffer>([
    ['as it is', secret],
    ['in hexadecimal', Buffer.from(secret.toString('hex'))],
    ['in JSON escapes', Buffer.from(JSON.stringify(secret.toString('utf8')).slice(1, -1))],
  ])
  for (const offset of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(offset), secret])
    // The first and the last group also hold bits of what stands beside it.
    const inner = (encoding: 'base64' | 'base64url') =>
      padded
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(offset === 0 ? 0 : 4, -2)
    forms.set(`in base64 at ${offset}`, Buffer.from(inner('base64')))
    forms.set(`in base64url at ${offset}`, Buffer.from(inner('base64url')))
  }
  return forms
}

it('the server never receives, sends or logs a name, an appointment, a description or a link secret in clear', async () => {
  const planted = {
    'the name typed': 'Plantedname Samuelson',
    'the words of a note': '1795446199999',
    'a description': 'v=0 planted-description fingerprint:sha-256 AB:CD:EF',
    'an address inside a description': '203.0.113.213',
    'a status name': 'Plantedstatus Samuelson',
  }
  const linkSecret = randomBytes(16)
  const tag = toBase64Url(randomBytes(16))

  const server = await startServer({ env: { LOG_LEVEL: 'debug' } })
  const tap = await openTap(server.port)
  const url = `ws://localhost:${tap.port}/session`
  const origin = `http://localhost:${tap.port}`
  try {
    const room = await newRoom(Date.now())
    const host = await connectHost(await openWebSocket(url, origin), origin, room, Date.now)
    await host.next('ready')

    const pair = await newPair()
    const guest = await connectGuest(await openWebSocket(url, origin), origin, room.room, pair)
    await guest.next('ready')
    const to = { room: room.room, roomKey: room.roomKey, guestKey: guest.key }
    const mac = await knockMac(linkSecret, room.room, guest.key)
    const contents = { tag, mac, name: planted['the name typed'], instance: randomId(), intent: 'arrive' as const, call: null }
    const sealed = await sealKnock(contents, to)
    guest.knock(sealed)
    await host.next('knock')

    const knock = await hashText(sealed)
    const note = await issueNote(room.device, {
      room: room.room,
      guest: guest.key,
      knock,
      sentAt: Date.now(),
      kind: 'early',
      startAt: Number(planted['the words of a note']),
      opensAt: 1,
    })
    host.send({ type: 'note', guest: guest.key, sealed: await sealNote({ certificate: room.certificate, note }, to) })
    await guest.next('note')

    const hostSecret = await newPair()
    const ticket = await host.admit(guest.key, sealed, newCall(), { hostKey: hostSecret.publicKey })
    await guest.next('admitted')
    const channel = await createHostChannel({ side: 'host', mine: hostSecret, peer: keyOf(pair), linkSecret, ticket })
    const sdp = `${planted['a description']} ${planted['an address inside a description']}`
    const generation = randomId()
    const messages = [
      { type: 'description' as const, generation, kind: 'offer' as const, sdp },
      {
        type: 'status' as const,
        revision: 1,
        name: planted['a status name'],
        microphone: 'on' as const,
        camera: 'on' as const,
        screen: false,
      },
    ]
    for (const message of messages) host.send({ type: 'relay', to: guest.key, data: await channel.seal(message) })
    await guest.next('relay', 2)
    await server.stop()

    const seen = Buffer.concat([tap.bytes(), Buffer.from(server.output())])
    // The tap reads what the server reads: what is not secret is there.
    expect(seen.includes(Buffer.from(`"room":"${room.room}"`))).toBe(true)
    expect(seen.includes(Buffer.from(`"sealed":"${sealed}"`))).toBe(true)
    const secrets = new Map<string, Buffer>(Object.entries(planted).map(([what, text]) => [what, Buffer.from(text)]))
    secrets.set('the link secret', Buffer.from(linkSecret))
    secrets.set('the tag of the link', Buffer.from(tag))
    secrets.set('the proof of the link', Buffer.from(mac))
    const found = Array.from(secrets).flatMap(([what, secret]) =>
      Array.from(formsOf(secret)).flatMap(([form, bytes]) => (seen.includes(bytes) ? [`${what} ${form}`] : [])),
    )
    expect(found).toEqual([])

    const log = server.output()
    for (const id of [room.room, guest.key, room.device.publicKey, '127.0.0.1', '::1']) expect(log).not.toContain(id)
    expect(log).toContain('counts')
  } finally {
    await tap.close()
    await server.kill()
  }
})
