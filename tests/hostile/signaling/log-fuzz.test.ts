import { utf8 } from '@alcove/shared/crypto/bytes'
import { cutMessage, maxLogFrameBytes } from '@alcove/shared/protocol/log-frames'
import type { LogClientMessage } from '@alcove/shared/protocol/log-messages'
import { describe, expect, it } from 'vitest'
import { createRandom, fuzzText, type Random } from '../../support/signaling/fuzz.ts'
import { auditLog } from '../../support/signaling/log-audit.ts'
import { type LogPractice, newLogId, newLogPractice, recordBy } from '../../support/signaling/log-people.ts'
import { createLogWorld, type HubWire } from '../../support/signaling/log-world.ts'

type Bytes = Uint8Array<ArrayBuffer>

const long = process.env.ALCOVE_LONG === '1'
const wanted = long ? 200_000 : 4_000
const seed = Number(process.env.ALCOVE_SEED ?? (long ? Date.now() % 1e9 : 20_261_123))

const odd: readonly unknown[] = [null, -1, 0, 1, 1.5, 1e308, 2 ** 53, '', 'x', [], {}, [null], '__proto__', 'A'.repeat(600), true]

/** Good messages of every kind, of this practice, to be spoilt. */
function messagesOf({ space, founder, statements }: LogPractice, log: string): readonly Record<string, unknown>[] {
  const messages: readonly LogClientMessage[] = [
    { type: 'authenticate', id: 1, space, device: founder.device, signature: 'S'.repeat(86) },
    { type: 'access', id: 2, statements: [...statements], enrolment: null },
    { type: 'access', id: 3, statements: [], enrolment: 'code' },
    { type: 'get-access', id: 4, from: 0 },
    { type: 'changed', id: 5, since: 0 },
    { type: 'append', id: 6, log: log as never },
    { type: 'read', id: 7, log: log as never, after: 0, jump: true },
    { type: 'read', id: 11, log: log as never, after: 1_000_000, jump: false },
    { type: 'put-kit', id: 8, locator: 'k'.repeat(43) },
    { type: 'get-kit', id: 9, locator: 'k'.repeat(43) },
    { type: 'ping', id: 10 },
  ]
  return messages
}

/** The frames of one message that is none, or nearly one. */
function fuzzMessage(random: Random, messages: readonly Record<string, unknown>[], record: Bytes): Bytes[] {
  const good = random.pick(messages)
  const spoilt = { ...good, [random.pick(Object.keys(good))]: random.pick(odd) }
  const bodies = [new Uint8Array(0), new Uint8Array(0), record, spoil(random, record), new Uint8Array(random.bytes(random.below(400)))]
  const body = random.pick(bodies)
  switch (random.below(12)) {
    case 0:
      return [new Uint8Array(random.bytes(random.below(300)))]
    case 1:
      return cutMessage({ json: utf8(fuzzText(random)), body })
    case 2: {
      // Says another length of its JSON than it has.
      const [frame = new Uint8Array(6)] = cutMessage({ json: utf8(JSON.stringify(good)), body: new Uint8Array(0) })
      new DataView(frame.buffer).setUint32(1, random.pick([0, 1, 7, 2 ** 16, 2 ** 31, 2 ** 32 - 1]))
      return [frame]
    }
    case 3: {
      const frames = cutMessage({ json: utf8(JSON.stringify(good)), body: new Uint8Array(maxLogFrameBytes * 2) })
      return random.below(2) === 0 ? frames.slice(0, -1) : frames.reverse()
    }
    case 4: {
      const [frame = new Uint8Array(1)] = cutMessage({ json: utf8(JSON.stringify(good)), body })
      frame[0] = random.below(256)
      return [frame]
    }
    case 5:
      return cutMessage({ json: new Uint8Array(random.bytes(random.below(100))), body })
    case 6:
      return cutMessage({ json: utf8(JSON.stringify(spoilt)), body })
    default:
      return cutMessage({
        json: utf8(JSON.stringify(good)),
        body: good.type === 'append' || good.type === 'put-kit' ? body : new Uint8Array(0),
      })
  }
}

function spoil(random: Random, record: Bytes): Bytes {
  const changed = record.slice(0, random.below(3) === 0 ? random.below(record.length) : record.length)
  for (let i = 0; i <= random.below(3) && changed.length > 0; i++) changed[random.below(changed.length)] = random.below(256)
  return changed
}

describe(`hostile frames at /log (seed ${seed})`, () => {
  it(`${wanted} of them, of strangers and of devices, change nothing that is not theirs`, async () => {
    const random = createRandom(seed)
    const practice = await newLogPractice()
    const mallory = await practice.newDevice()
    await practice.allow([practice.founder, mallory])
    // Rates keep the flood out in real life.
    const lifted = {
      LIMIT_LOG_ACCESS_PER_ADDRESS_PER_MINUTE: 1e9,
      LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE: 1e9,
      LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE: 1e9,
      LIMIT_LOG_SOCKETS_PER_SPACE: 1e6,
    }
    const world = createLogWorld({ limits: lifted })
    await world.make(practice)
    const honest = await world.enter(practice)
    const log = newLogId()
    const messages = messagesOf(practice, log)
    // Another device's record, in the same log: none of them may come in under its name.
    const record = await recordBy(practice.space, log, practice.founder, { number: 1_000 })
    const written: string[] = []
    const codes = new Set<string>()

    let sent = 0
    for (let round = 0; sent < wanted; round++) {
      const party = random.below(2) === 0 ? world.connect() : await world.enter(practice, mallory)
      const wire: HubWire = party.wire
      for (let i = 0; i < 20 && wire.isOpen(); i++) {
        for (const frame of fuzzMessage(random, messages, record)) wire.send(frame)
        sent += 1
        // The next one meets whatever this one left.
        await wire.settled()
      }
      for (const message of party.all()) if (message.type === 'refused') codes.add(message.code)
      wire.cut()
      if (round % 20 > 0) continue
      const own = await recordBy(practice.space, log, practice.founder, { number: written.length + 1 })
      const { message } = await honest.ask('appended', { type: 'append', log }, own)
      written.push(message.at.hash)
    }

    // It went far enough in to be refused for many reasons.
    for (const code of ['malformed', 'not-a-member', 'access-refused', 'unknown-kit', 'beyond-end', 'too-large'])
      expect(codes).toContain(code)
    const { records } = await auditLog(honest, practice.space, log)
    expect([...records.values()].map(({ hash }) => hash)).toEqual(written)
    expect(world.events.filter(({ type }) => type === 'fault')).toEqual([])
    expect(world.hub.counts()).toEqual({ connections: 1, spaces: 1, devices: 1 })
  })
})
