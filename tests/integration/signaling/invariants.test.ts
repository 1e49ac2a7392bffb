import { issueEnd, issueRoster, issueTicket } from '@alcove/shared/crypto/admission'
import { hashText } from '@alcove/shared/crypto/bytes'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import type { HostToServerMessage, ServerMessage } from '@alcove/shared/protocol/session-messages'
import { fc } from '../../support/property.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { limitDefaults } from '../../../signaling/src/limits.ts'
import { keyOf, newCall, newPair, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { callCount, type Command, command, devices, everyRelay, guestCount, pick, prologue } from '../../support/signaling/hub-commands.ts'
import {
  createHubModel,
  type Delivery,
  type HubModel,
  type ModelEnd,
  type ModelRoster,
  type ModelTicket,
} from '../../support/signaling/hub-model.ts'
import { type At, createHubWorld, type HubWorld, withOtherDevice } from '../../support/signaling/hub-world.ts'
import { randomSealed, type ScriptedGuest, type ScriptedHost } from '../../support/wire-client.ts'

/**
 * The real hub, with real signatures, does what the model says, over every message that it delivers to anybody:
 * - a stolen room id admits nobody (the thief is in the room as a guest, hosts another room, and replays all it sees);
 * - before admission only one's own waiting state, notes and the decision arrive;
 * - nothing is relayed from or to a non-member;
 * - an admission works for one guest key and one call;
 * - replayed tickets and ends do nothing;
 * - a call that was handed to another device is that device's alone, and its guests stay in it.
 */
const long = process.env.ALCOVE_LONG === '1'
/** They reach people who are no members yet, and say nothing of anybody else. */
const harmlessToGuests = new Set(['hello', 'waiting', 'pong', 'error'])

type Recorded =
  | { readonly type: 'admit'; readonly to: number; readonly ticket: ModelTicket; readonly signed: string }
  | { readonly type: 'roster'; readonly roster: ModelRoster; readonly signed: string }
  | { readonly type: 'end'; readonly end: ModelEnd; readonly signed: string }

let rooms: readonly TestRoom[]
let thiefRoom: TestRoom
let keys: readonly KeyPair[]
beforeAll(async () => {
  const first = await newRoom()
  rooms = [first, await withOtherDevice(first)]
  thiefRoom = await newRoom()
  keys = await Promise.all(Array.from({ length: guestCount }, newPair))
})

/** One run: the same command to the hub and to the model, then every new message against what the model expects. */
async function createRun() {
  const calls = Array.from({ length: callCount }, newCall)
  const model: HubModel = createHubModel(guestCount, devices, noon)
  const limits = { ...limitDefaults, LIMIT_MESSAGES_PER_SOCKET_PER_SECOND: 1e6, LIMIT_MESSAGE_BURST_PER_SOCKET: 1e6 }
  let world: HubWorld = createHubWorld({
    limits: {
      ...limits,
      LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE: 1e6,
      LIMIT_KNOCKS_PER_ROOM_PER_MINUTE: 1e6,
      LIMIT_NOTES_PER_GUEST_PER_MINUTE: 1e6,
    },
  })
  let guests: (At<ScriptedGuest> | null)[] = Array(guestCount).fill(null)
  let hosts: (At<ScriptedHost> | null)[] = [null, null]
  let thief = await world.host(thiefRoom)
  const recorded: Recorded[] = []
  const seen = new Map<object, number>()
  let serial = 0
  let admissions = 0
  let relays = 0
  let moves = 0

  const keyAt = (index: number): GuestKey => keyOf(pick(keys, index))
  const unique = () => `serial${++serial}`

  async function say(index: number, message: HostToServerMessage): Promise<void> {
    const speaking = index < devices.length ? hosts[index] : thief
    speaking?.send(message)
    await speaking?.wire.settled()
  }

  async function send(index: number, one: Recorded): Promise<Delivery[]> {
    const device = devices[index] ?? 'thief'
    if (index < devices.length && !model.isHostConnected(device)) return []
    if (one.type === 'admit') await say(index, { type: 'admit', guest: keyAt(one.to), ticket: one.signed })
    else if (one.type === 'roster') await say(index, { type: 'roster', roster: one.signed })
    else await say(index, { type: 'end', end: one.signed })
    if (device === 'thief') return []
    if (one.type === 'admit') return model.admit(device, one.to, one.ticket, one.signed)
    return one.type === 'roster' ? model.roster(device, one.roster, one.signed) : model.end(device, one.end, one.signed)
  }

  async function make(index: number, what: Command & { do: 'admit' | 'roster' | 'end' }): Promise<Recorded> {
    const room = pick(rooms, index)
    const signer = devices[index] ?? ''
    const callId = pick(calls, what.call) as CallId
    const knockOf = async (guestIndex: number) => model.knockOf(guestIndex) || (await hashText('no knock yet'))
    if (what.do === 'end') {
      const signed = await issueEnd(room.device, { room: room.room, call: callId, endedAt: world.clock.now() })
      return { type: 'end', end: { signer, call: callId }, signed }
    }
    if (what.do === 'roster') {
      const entries = await Promise.all(what.guests.map(async (index) => ({ guest: index, knock: await knockOf(index) })))
      const sequence = ++serial
      const contents = {
        room: room.room,
        call: callId,
        sequence,
        guests: entries.map((entry) => ({ ...entry, guest: keyAt(entry.guest) })),
      }
      return { type: 'roster', roster: { signer, call: callId, sequence, entries }, signed: await issueRoster(room.device, contents) }
    }
    const knock = what.stale ? await hashText('another knock') : await knockOf(what.for)
    const issuedAt = world.clock.now() + ++serial
    const contents = {
      room: room.room,
      call: callId,
      guest: keyAt(what.for),
      knock,
      hostKey: room.device.publicKey,
      issuedAt,
      expiresAt: issuedAt + 60_000,
    }
    const ticket: ModelTicket = { signer, guest: what.for, call: callId, knock, issuedAt }
    return { type: 'admit', to: what.guest, ticket, signed: await issueTicket(room.device, contents) }
  }

  async function run(what: Command): Promise<Delivery[]> {
    switch (what.do) {
      case 'connect guest': {
        guests[what.guest] = await world.guest(pick(rooms, 0).room, { pair: pick(keys, what.guest) })
        return model.connectGuest(what.guest)
      }
      case 'lose guest':
        if (!model.isGuestConnected(what.guest)) return []
        guests[what.guest]?.wire.fall()
        guests[what.guest] = null
        model.loseGuest(what.guest)
        return []
      case 'knock': {
        const knocking = guests[what.guest]
        if (!knocking) return []
        const sealed = knocking.knock(randomSealed())
        await knocking.wire.settled()
        model.knock(what.guest, await hashText(sealed))
        return []
      }
      case 'leave':
        if (!guests[what.guest]) return []
        guests[what.guest]?.send({ type: 'leave' })
        await guests[what.guest]?.wire.settled()
        model.leave(what.guest)
        return []
      case 'connect host':
        hosts[what.host] = await world.host(pick(rooms, what.host))
        model.connectHost(pick(devices, what.host))
        return []
      case 'lose host':
        if (!model.isHostConnected(pick(devices, what.host))) return []
        hosts[what.host]?.wire.fall()
        hosts[what.host] = null
        model.loseHost(pick(devices, what.host))
        return []
      case 'admit':
      case 'roster':
      case 'end': {
        const one = await make(what.host, what)
        recorded.push(one)
        return send(what.host, one)
      }
      case 'hand over': {
        const device = pick(devices, what.host)
        if (!model.isHostConnected(device)) return []
        const callId = pick(calls, what.call) as CallId
        await say(what.host, { type: 'hand-over', call: callId, device: pick(rooms, what.to).device.publicKey })
        return model.handOver(device, pick(devices, what.to), callId)
      }
      case 'replay': {
        const one = recorded[what.which % Math.max(1, recorded.length)]
        return one === undefined ? [] : send(what.by, one)
      }
      case 'steal':
        // The thief knows the room's id and every guest's key and knock, and signs for itself.
        await say(devices.length, {
          type: 'admit',
          guest: keyAt(what.guest),
          ticket: await stolenTicket(what.guest, pick(calls, what.call)),
        })
        await say(devices.length, { type: 'relay', to: keyAt(what.guest), data: unique() })
        await say(devices.length, { type: 'note', guest: keyAt(what.guest), sealed: unique() })
        await say(devices.length, { type: 'dismiss', guest: keyAt(what.guest) })
        return []
      case 'dismiss':
      case 'note':
      case 'relay from host': {
        const device = pick(devices, what.host)
        if (!model.isHostConnected(device)) return []
        const text = unique()
        if (what.do === 'dismiss') await say(what.host, { type: 'dismiss', guest: keyAt(what.guest) })
        if (what.do === 'note') await say(what.host, { type: 'note', guest: keyAt(what.guest), sealed: text })
        if (what.do === 'relay from host') await say(what.host, { type: 'relay', to: keyAt(what.guest), data: text })
        if (what.do === 'dismiss') return model.dismiss(device, what.guest)
        return what.do === 'note' ? model.note(device, what.guest, text) : model.relayFromHost(device, what.guest, text)
      }
      case 'relay from guest': {
        const from = guests[what.guest]
        if (!from) return []
        const data = unique()
        const to = what.to === guestCount ? 'host' : what.to
        from.send({ type: 'relay', to: to === 'host' ? 'host' : keyAt(to), data })
        await from.wire.settled()
        return model.relayFromGuest(what.guest, to, data)
      }
      case 'everybody talks': {
        const all: Delivery[] = []
        for (const each of everyRelay) all.push(...(await run(each)))
        return all
      }
      case 'wait':
        world.clock.advance(what.ms)
        model.advance(what.ms)
        return []
      case 'restart':
        world = world.restarted()
        guests = Array(guestCount).fill(null)
        hosts = [null, null]
        thief = await world.host(thiefRoom)
        model.restart()
        return []
    }
  }

  async function stolenTicket(victim: number, callId: CallId): Promise<string> {
    const knock = model.knockOf(victim) || (await hashText('no knock yet'))
    const issuedAt = world.clock.now()
    const contents = {
      room: pick(rooms, 0).room,
      call: callId,
      guest: keyAt(victim),
      knock,
      hostKey: thiefRoom.device.publicKey,
      issuedAt,
      expiresAt: issuedAt + 60_000,
    }
    return issueTicket(thiefRoom.device, contents)
  }

  /** What has newly reached everybody, in the words of the model. */
  function deliveries(): Delivery[] {
    const fresh = (party: { all(): ServerMessage[]; wire: object } | null): ServerMessage[] => {
      if (party === null) return []
      const all = party.all()
      const from = seen.get(party.wire) ?? 0
      seen.set(party.wire, all.length)
      return all.slice(from)
    }
    const toGuests = guests.flatMap((one, index) =>
      fresh(one)
        .filter(({ type }) => !harmlessToGuests.has(type))
        .map((message) => ({ to: `guest ${index}`, what: describeMessage(message) })),
    )
    const toHosts = hosts.flatMap((one, index) =>
      fresh(one)
        .filter(({ type }) => type === 'relay' || type === 'handed-over')
        .map((message) => ({ to: pick(devices, index), what: describeMessage(message) })),
    )
    const toThief = fresh(thief)
      .filter(({ type }) => !['hello', 'ready', 'error'].includes(type))
      .map((message) => ({ to: 'thief', what: describeMessage(message) }))
    return [...toGuests, ...toHosts, ...toThief]
  }

  function describeMessage(message: ServerMessage): string {
    switch (message.type) {
      case 'ready':
        return message.role === 'guest' ? `ready ${message.state}` : 'ready'
      case 'admitted':
        admissions += 1
        return `admitted ${message.ticket} ${message.roster}`
      case 'relay':
        relays += 1
        return message.from === 'host'
          ? `relay host ${message.data}`
          : `relay guest ${keys.findIndex((pair) => pair.publicKey === message.from)} ${message.data}`
      case 'roster':
        return `roster ${message.roster}`
      case 'ended':
        return `ended ${message.end}`
      case 'note':
        return `note ${message.sealed}`
      case 'handed-over':
        moves += 1
        // In order of arrival, which the model does not keep.
        return `handed-over ${message.call} ${message.guests.map(({ guest }) => keys.findIndex((pair) => pair.publicKey === guest)).sort()}`
      default:
        return message.type
    }
  }

  return {
    run,
    deliveries,
    wrongs: () => world.events.filter(({ type }) => type === 'withheld' || type === 'fault').length,
    counts: () => ({ admissions, relays, moves }),
  }
}

const sorted = (list: readonly Delivery[]) => list.map(({ to, what }) => `${to}: ${what}`).sort()

describe('the hub, over every message that it delivers', () => {
  it(
    'does what the model says: nothing but their own matters before admission, one key and one call per ticket, no replays',
    async () => {
      let admissions = 0
      let relays = 0
      let moves = 0
      await fc.assert(
        fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 80, size: 'max' }), async (commands) => {
          const one = await createRun()
          one.deliveries()
          for (const next of [...prologue, ...commands]) {
            const expected = await one.run(next)
            expect(sorted(one.deliveries()), JSON.stringify(next)).toEqual(sorted(expected))
            expect(one.wrongs()).toBe(0)
          }
          admissions += one.counts().admissions
          relays += one.counts().relays
          moves += one.counts().moves
        }),
        { numRuns: long ? 4000 : 200 },
      )
      // The property would hold of a hub that delivers nothing.
      expect(admissions).toBeGreaterThan(300)
      expect(relays).toBeGreaterThan(1000)
      expect(moves).toBeGreaterThan(20)
    },
    long ? 600_000 : 60_000,
  )
})
