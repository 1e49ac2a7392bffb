import { randomId } from '@alcove/shared/crypto/bytes'
import { signEntry } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom } from '../../support/signaling/fuzz.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { fingerprints, helloOf, meetRaw, type RawDevice } from '../../support/sync/raw-device.ts'
import { createSyncWorld, type SyncWorld } from '../../support/sync/sync-world.ts'

const minuteMs = 60_000

let world: SyncWorld
/** A device of the practice that is away; the test speaks with its key. */
let away: SimDevice
let document: DocumentId
beforeEach(async () => {
  world = await createSyncWorld()
  away = await world.letIn('away', { roles: ['clinician'] })
  away.crash()
  document = await world.save(world.first, 'known')
})
afterEach(() => world.stop())

const newPair = async () => importKeyPair(await generateSecret())
const typesOf = (raw: RawDevice) => raw.heard().map(({ type }) => type)

/** Up to where an honest device is in. */
async function comeIn(raw: RawDevice, pair: KeyPair): Promise<void> {
  const nonce = randomId()
  raw.send(helloOf(pair, nonce))
  await world.pass(100)
  await raw.prove(pair, nonce)
  await world.pass(100)
}

async function removeAway(): Promise<void> {
  const store = world.first.running()?.store
  await world.during((async () => store?.act([{ type: 'remove-device', device: away.key }, await store.rekey(new Set([away.key]))]))())
}

describe('a device that proves itself', () => {
  it('is told who belongs to the practice, and after it knew this device what changed', async () => {
    const raw = meetRaw(world, world.first)
    await comeIn(raw, away.disk.device)
    expect(typesOf(raw)).toEqual(['hello', 'proof', 'entries'])
    raw.send({ type: 'entries', entries: [] })
    await world.pass(100)
    expect(typesOf(raw).slice(0, 4)).toEqual(['hello', 'proof', 'entries', 'offer'])
    expect(raw.heard()[3]?.documents).toContain(document)
    raw.send({ type: 'vector', document, vector: 'AA' })
    await world.pass(100)
    expect(raw.heard().find(({ type }) => type === 'update')).toMatchObject({ document, answers: true })
    expect(raw.isClosed()).toBe(false)
  })

  it('is closed in the moment in which it is removed', async () => {
    const raw = meetRaw(world, world.first)
    await comeIn(raw, away.disk.device)
    expect(raw.session.device()).toBe(away.key)
    await removeAway()
    raw.session.placeChanged()
    expect(raw.isClosed()).toBe(true)
    expect(raw.session.device()).toBeNull()
  })
})

describe('nothing is said to', () => {
  async function expectNothing(raw: RawDevice): Promise<void> {
    await world.pass(2 * minuteMs)
    expect(raw.isClosed()).toBe(true)
    expect(typesOf(raw).filter((type) => type !== 'hello' && type !== 'proof')).toEqual([])
    expect(raw.events.filter(({ type }) => type !== 'closed')).toEqual([])
  }

  it('somebody who says nothing', async () => {
    await expectNothing(meetRaw(world, world.first))
  })

  it('a device that signs with another key than its own', async () => {
    const raw = meetRaw(world, world.first)
    const nonce = randomId()
    raw.send(helloOf(away.disk.device, nonce))
    await world.pass(100)
    await raw.prove(await newPair(), nonce, { devices: { mine: away.key, theirs: world.first.key } })
    await expectNothing(raw)
  })

  it('a proof of another connection', async () => {
    const before = meetRaw(world, world.first)
    const nonce = randomId()
    before.send(helloOf(away.disk.device, nonce))
    await world.pass(100)
    // What was signed there, on a connection of its own with the same words from this side.
    const raw = meetRaw(world, world.first)
    raw.send(helloOf(away.disk.device, nonce))
    await world.pass(100)
    const hello = before.heard().find(({ type }) => type === 'hello')
    await raw.prove(away.disk.device, nonce, { nonces: { mine: nonce, theirs: String(hello?.nonce) } })
    await expectNothing(raw)
  })

  it('a proof for other certificates: somebody sits in between', async () => {
    const raw = meetRaw(world, world.first)
    const nonce = randomId()
    raw.send(helloOf(away.disk.device, nonce))
    await world.pass(100)
    await raw.prove(away.disk.device, nonce, { fingerprints: { mine: 'CC:33', theirs: fingerprints.real } })
    await expectNothing(raw)
  })

  it('its own words, sent back', async () => {
    const raw = meetRaw(world, world.first)
    await world.pass(100)
    for (const message of [...raw.heard()]) raw.send(message)
    await expectNothing(raw)
  })

  it('its own key and proof, sent back by another', async () => {
    const raw = meetRaw(world, world.first)
    await world.pass(100)
    raw.send(helloOf(away.disk.device, String(raw.heard()[0]?.nonce)))
    await world.pass(100)
    const proof = raw.heard().find(({ type }) => type === 'proof')
    raw.send(proof ?? '')
    await expectNothing(raw)
  })

  it('a removed device, however well it proves itself', async () => {
    await removeAway()
    const raw = meetRaw(world, world.first)
    await comeIn(raw, away.disk.device).catch(() => undefined)
    expect(typesOf(raw)).toEqual(['hello'])
    await expectNothing(raw)
  })

  it('a stranger who has keys, but was never let in', async () => {
    const raw = meetRaw(world, world.first)
    await comeIn(raw, await newPair())
    raw.send({ type: 'entries', entries: [] })
    await expectNothing(raw)
  })

  it('a stranger who lets itself in', async () => {
    const pair = await newPair()
    const roll = world.first.running()?.store.place()?.roll
    const operations = [{ type: 'add-device' as const, device: pair.publicKey as DeviceKey, member: away.disk.member, label: 'mine' }]
    const { signed } = await signEntry({ parents: [...(roll?.heads ?? [])], at: 0, operations }, pair)
    const raw = meetRaw(world, world.first)
    await comeIn(raw, pair)
    raw.send({ type: 'entries', entries: [signed] })
    await world.pass(minuteMs / 2)
    raw.session.placeChanged()
    await expectNothing(raw)
  })
})

describe('a stranger', () => {
  it('comes in as soon as it brings the entry that lets it in', async () => {
    const pair = await newPair()
    const roll = world.first.running()?.store.place()?.roll
    const operations = [{ type: 'add-device' as const, device: pair.publicKey as DeviceKey, member: away.disk.member, label: 'new' }]
    // Signed by an administrator's device, which told only the new one so far.
    const { signed } = await signEntry({ parents: [...(roll?.heads ?? [])], at: 0, operations }, world.first.disk.device)
    const raw = meetRaw(world, world.first)
    await comeIn(raw, pair)
    expect(raw.session.device()).toBeNull()
    raw.send({ type: 'entries', entries: [signed] })
    await world.pass(1000)
    raw.session.placeChanged()
    await world.pass(1000)
    expect(raw.session.device()).toBe(pair.publicKey)
    expect(typesOf(raw)).toContain('offer')
  })
})

describe('strange bytes', () => {
  const random = createRandom(7)
  const samples = [
    helloOf({ publicKey: 'B'.repeat(87) } as KeyPair),
    { type: 'proof', signature: 'S'.repeat(86) },
    { type: 'entries', entries: ['e30.'.padEnd(90, 'A')] },
    { type: 'offer', documents: ['D'.repeat(22)] },
    { type: 'vector', document: 'D'.repeat(22), vector: 'AA' },
    { type: 'vector', document: 'D'.repeat(22), vector: '_____w' },
    { type: 'update', document: 'D'.repeat(22), update: 'AAAA', answers: true },
    { type: 'update', document: 'D'.repeat(22), update: '_'.repeat(400), answers: false },
    { type: 'stored', document: 'D'.repeat(22), vector: '-' },
    { type: 'settled' },
    { type: 'session', body: '{"type":"__proto__"}' },
  ].map((sample) => JSON.stringify(sample))
  const killers = [
    '',
    'null',
    '5',
    '[]',
    '{}',
    '{"type":5}',
    '{"type":"hello"}',
    '\u0000',
    '{"__proto__":{"type":"settled"}}',
    '['.repeat(5000),
    '"'.padEnd(100_000, 'x'),
  ]

  function spoil(text: string): string {
    const at = random.below(text.length + 1)
    const kind = random.below(4)
    if (kind === 0) return text.slice(0, at)
    if (kind === 1) return text.slice(0, at) + String.fromCharCode(random.below(0xffff)) + text.slice(at)
    if (kind === 2) return text.slice(0, at) + text.slice(at + 1 + random.below(5))
    return text
  }

  it.each(['at first', 'after hello', 'once it is in'] as const)('%s never throw, and leave the device as it was', async (when) => {
    const failures: unknown[] = []
    const onFailure = (reason: unknown) => failures.push(reason)
    process.on('unhandledRejection', onFailure)
    const before = await world.first.running()?.store.chain.entries()
    for (let round = 0; round < 60; round++) {
      const raw = meetRaw(world, world.first)
      if (when === 'after hello') raw.send(helloOf(away.disk.device))
      if (when === 'once it is in') {
        await comeIn(raw, away.disk.device)
        raw.send({ type: 'entries', entries: [] })
      }
      for (let i = 0; i < 5; i++) raw.send(random.below(4) === 0 ? random.pick(killers) : spoil(random.pick(samples)))
      await world.pass(50)
      raw.session.close()
    }
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', onFailure)
    expect(failures).toEqual([])
    expect(world.has(world.first, document, 'known')).toBe(true)
    expect(await world.first.running()?.store.chain.entries()).toEqual(before)
    expect(world.first.running()?.state.line.kind).toBe('nobody-online')
  })

  it('do not fill the memory of a device that is busy', async () => {
    const raw = meetRaw(world, world.first)
    const long = 'x'.repeat(8 * 1024 * 1024)
    for (let i = 0; i < 12; i++) raw.send(long)
    expect(raw.isClosed()).toBe(true)
  })
})
