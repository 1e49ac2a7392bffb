import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCall, newPair, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { type RunningServer, startServer } from '../../support/server.ts'
import { connectGuest, connectHost, openWebSocket, type ScriptedGuest, type ScriptedHost, until } from '../../support/wire-client.ts'

/**
 * The server is killed (-9) with two people waiting and one admitted, and starts anew with nothing. What it does not know
 * any more, the two ends bring back: guests knock again, and the device recognises them by their keys.
 */
let server: RunningServer
let room: TestRoom
beforeAll(async () => {
  server = await startServer()
  room = await newRoom(Date.now())
})
afterAll(() => server.kill())

const open = () => openWebSocket(`ws://localhost:${server.port}/session`, server.origin)
const host = async () => connectHost(await open(), server.origin, room, Date.now)
const guest = async (pair: KeyPair) => connectGuest(await open(), server.origin, room.room, pair)

/** What the clinician's device remembers, as its journal would. */
type Journal = { readonly order: GuestKey[]; readonly admitted: Map<GuestKey, CallId>; rings: number }

/** A device that rings for keys that it has not seen, and lets those back in that were admitted. */
async function attend(device: ScriptedHost, journal: Journal): Promise<void> {
  for (const knock of device.of('knock')) {
    if (!journal.order.includes(knock.guest)) {
      journal.order.push(knock.guest)
      journal.rings += 1
    }
    const call = journal.admitted.get(knock.guest)
    if (call !== undefined) await device.admit(knock.guest, knock.sealed, call)
  }
}

describe('a server that is killed', () => {
  it('loses nobody: same people, same order, no second ring, the admitted one back with a fresh ticket', async () => {
    const pairs = [await newPair(), await newPair(), await newPair()]
    const journal: Journal = { order: [], admitted: new Map(), rings: 0 }
    const call = newCall()

    const before = await host()
    await before.next('ready')
    const people: ScriptedGuest[] = []
    for (const pair of pairs) {
      const person = await guest(pair)
      person.knock()
      await person.next('waiting')
      people.push(person)
    }
    await before.next('knock', 3)
    await attend(before, journal)
    const [first] = people
    if (!first) throw new Error('nobody')
    const sealed = before.of('knock')[0]?.sealed ?? ''
    const oldTicket = await before.admit(first.key, sealed, call)
    journal.admitted.set(first.key, call)
    await first.next('admitted')
    const oldEnd = await before.end(newCall())

    await server.kill()
    await until(() => [before, ...people].every(({ wire }) => !wire.isOpen()), 'everybody to notice')
    await server.restart()

    // They come back in another order than they came in.
    const after = await host()
    expect((await after.next('ready')).guests).toEqual([])
    const back: ScriptedGuest[] = []
    for (const pair of [...pairs].reverse()) {
      const person = await guest(pair)
      expect(await person.next('ready')).toMatchObject({ state: 'new' })
      person.knock()
      await person.next('waiting')
      back.push(person)
    }
    await after.next('knock', 3)

    // Whoever holds the server now may try what it kept from before.
    after.send({ type: 'admit', guest: first.key, ticket: oldTicket })
    after.send({ type: 'end', end: oldEnd })
    await after.sync()
    expect(after.errors()).toEqual(['ticket-refused'])

    await attend(after, journal)
    expect(journal.order).toEqual(people.map(({ key }) => key))
    expect(journal.rings).toBe(3)
    const again = back.find(({ key }) => key === first.key)
    expect((await again?.next('admitted'))?.ticket).not.toBe(oldTicket)
    after.send({ type: 'relay', to: first.key, data: 'YWdhaW4' })
    expect(await again?.next('relay')).toEqual({ type: 'relay', from: 'host', data: 'YWdhaW4' })
    await Promise.all(back.map((person) => person.sync()))
    expect(back.filter((person) => person.of('admitted').length > 0).map(({ key }) => key)).toEqual([first.key])
  })
})

describe('a server that is told to go (SIGTERM)', () => {
  it('says when to come back, closes with 1012 and ends in order', async () => {
    const leaving = await startServer()
    const wires = await Promise.all([1, 2, 3].map(() => openWebSocket(`ws://localhost:${leaving.port}/session`, leaving.origin)))
    const code = await leaving.stop()
    expect(code).toBe(0)
    await until(() => wires.every((wire) => wire.closeCode() !== null), 'all to be closed')
    expect(wires.map((wire) => wire.closeCode())).toEqual([1012, 1012, 1012])
    for (const wire of wires) expect(wire.received.at(-1)).toMatch(/^\{"type":"goaway","reconnectInMs":\d+\}$/)
  })
})
