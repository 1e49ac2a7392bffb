import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { inviteDevice } from '../../support/simulation/sim-practice.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { type ChannelText, createSyncWorld, type SyncWorld } from '../../support/sync/sync-world.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: SyncWorld
beforeEach(async () => {
  world = await createSyncWorld()
})
afterEach(() => world.stop())

const lineOf = (device: SimDevice) => device.running()?.state.line.kind
const unsyncedOf = (device: SimDevice) => device.running()?.state.unsynced

async function letInColleague(name: string): Promise<SimDevice> {
  const device = await world.letIn(name, { roles: ['clinician'] })
  await world.pass(20 * secondMs)
  return device
}

function messagesOf(said: readonly ChannelText[], type: string): ChannelText[] {
  return said.filter((message) => message.type === type)
}

/** Updates that say something. */
function updatesFor(said: readonly ChannelText[], document: DocumentId, to?: SimDevice): ChannelText[] {
  return messagesOf(said, 'update').filter((message) => {
    const { document: of, update } = JSON.parse(message.text)
    const { structs } = Y.decodeUpdateV2(fromBase64Url(update) ?? new Uint8Array())
    return of === document && structs.length > 0 && (to === undefined || message.to === to.name)
  })
}

describe('what the screen says', () => {
  it('names an only device, one that nobody else is online with, one that syncs, and one that is offline', async () => {
    expect(lineOf(world.first)).toBe('only-device')
    const second = await letInColleague('second')
    expect([lineOf(world.first), lineOf(second)]).toEqual(['synced', 'synced'])
    expect(world.first.running()?.state.devices.get(second.key)).toMatchObject({ online: true, settled: true })
    second.crash()
    await world.pass(30 * secondMs)
    expect(lineOf(world.first)).toBe('nobody-online')
    world.setOnline(world.first, false)
    await world.pass(30 * secondMs)
    expect(lineOf(world.first)).toBe('offline')
    const seen = world.first.running()?.state.devices.get(second.key)
    expect(seen?.online).toBe(false)
    expect(seen?.heardAt).not.toBeNull()
  })

  it('counts what nobody else has, and never keeps "Saved" waiting for it', async () => {
    const second = await letInColleague('second')
    world.setOnline(world.first, false)
    await world.pass(30 * secondMs)
    const document = await world.save(world.first, 'a')
    await world.save(world.first, 'b', document)
    await world.save(world.first, 'c')
    expect(unsyncedOf(world.first)).toBe(3)
    world.setOnline(world.first, true)
    await world.pass(minuteMs)
    expect(unsyncedOf(world.first)).toBe(0)
    expect(world.has(second, document, 'b')).toBe(true)
  })

  it('also counts changes of the practice document, which y-webrtc carries', async () => {
    const second = await letInColleague('second')
    const practice = world.first.running()?.store.sync.practiceDocument() as DocumentId
    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    await world.save(world.first, 'phone', practice)
    expect(unsyncedOf(world.first)).toBe(1)
    world.setOnline(second, true)
    await world.pass(minuteMs)
    expect([unsyncedOf(world.first), world.has(second, practice, 'phone')]).toEqual([0, true])
  })
})

describe('documents', () => {
  it('come over the channel when they are larger than y-webrtc can carry', async () => {
    const second = await letInColleague('second')
    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    const big = await world.save(world.first, 'big', undefined, 400 * 1024)
    world.setOnline(second, true)
    await world.pass(minuteMs)
    expect(world.has(second, big, 'big')).toBe(true)
    expect(lineOf(second)).toBe('synced')
  })

  it('include a practice document that has outgrown what y-webrtc can carry', async () => {
    const second = await letInColleague('second')
    const practice = world.first.running()?.store.sync.practiceDocument() as DocumentId
    await world.save(world.first, 'big', practice, 400 * 1024)
    await world.pass(minuteMs)
    expect([world.has(second, practice, 'big'), unsyncedOf(world.first)]).toEqual([true, 0])
  })

  it('are exchanged once, all two hundred of them, and afterwards only those that changed', async () => {
    const second = await letInColleague('second')
    world.setOnline(second, false)
    const documents: DocumentId[] = []
    for (let i = 0; i < 200; i++) documents.push(await world.save(i % 2 ? second : world.first, `n${i}`))
    world.said()
    world.setOnline(second, true)
    await world.pass(minuteMs)
    const firstTime = world.said()
    for (const [i, document] of documents.entries()) {
      expect(updatesFor(firstTime, document)).toHaveLength(1)
      expect(world.has(i % 2 ? world.first : second, document, `n${i}`)).toBe(true)
    }
    expect([unsyncedOf(world.first), unsyncedOf(second)]).toEqual([0, 0])

    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    const [changed] = documents
    await world.save(world.first, 'again', changed)
    world.said()
    world.setOnline(second, true)
    await world.pass(minuteMs)
    const vectors = messagesOf(world.said(), 'vector').map(({ text }) => JSON.parse(text).document)
    expect(new Set(vectors)).toEqual(new Set([changed, world.first.running()?.store.sync.practiceDocument()]))
  })

  it('are sent once to each device when one changes while all are connected', async () => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    world.said()
    const document = await world.save(world.first, 'live')
    await world.pass(20 * secondMs)
    const said = world.said()
    expect(updatesFor(said, document).map(({ from, to }) => [from, to])).toEqual([
      ['first', 'second'],
      ['first', 'third'],
    ])
    expect([second, third].map((device) => world.has(device, document, 'live'))).toEqual([true, true])
    await world.pass(10 * minuteMs)
    expect(world.said()).toEqual([])
  })

  it('come to a device that missed them from one of the others, not from each', async () => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    world.setOnline(third, false)
    await world.pass(30 * secondMs)
    const document = await world.save(world.first, 'missed')
    await world.pass(10 * secondMs)
    expect(world.has(second, document, 'missed')).toBe(true)
    world.said()
    world.setOnline(third, true)
    await world.pass(minuteMs)
    expect(updatesFor(world.said(), document, third)).toHaveLength(1)
    expect(world.has(third, document, 'missed')).toBe(true)
  })

  it('are passed on between devices that cannot reach each other', async () => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    // Second and third meet nobody but the first.
    world.network.keepApart(second.host, third.host)
    await world.pass(30 * secondMs)
    const document = await world.save(second, 'relayed')
    await world.pass(20 * secondMs)
    expect(world.has(third, document, 'relayed')).toBe(true)
    expect(unsyncedOf(second)).toBe(0)
  })

  it('are not sent again when a device ended before it could say that they are stored', async () => {
    const second = await letInColleague('second')
    const document = await world.save(world.first, 'one')
    const isStored = () => second.disk.rows.some((row) => row.document === document)
    for (let i = 0; i < 500 && !isStored(); i++) await world.pass(1)
    second.crash()
    expect(isStored()).toBe(true)
    await world.pass(minuteMs)
    expect(unsyncedOf(world.first)).toBe(1)
    world.said()
    await second.start()
    await world.pass(minuteMs)
    expect(unsyncedOf(world.first)).toBe(0)
    expect(updatesFor(world.said(), document, second)).toEqual([])
  })

  it('that found no room are asked for again until there is some', async () => {
    const second = await letInColleague('second')
    second.disk.isFull = true
    const document = await world.save(world.first, 'late')
    await world.pass(2 * minuteMs)
    expect([unsyncedOf(world.first), lineOf(second), world.has(second, document, 'late')]).toEqual([1, 'syncing', false])
    second.disk.isFull = false
    await world.pass(minuteMs)
    expect([unsyncedOf(world.first), lineOf(second), world.has(second, document, 'late')]).toEqual([0, 'synced', true])
  })
})

describe('a new practice key', () => {
  it('comes to a device that was away, and keeps a removed one away', async () => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    const store = world.first.running()?.store
    const removed = await world.during(
      (async () => store?.act([{ type: 'remove-device', device: third.key }, await store.rekey(new Set([third.key]))]))(),
    )
    expect(removed?.ok).toBe(true)
    const document = await world.save(world.first, 'after')
    await world.pass(minuteMs)
    expect([third.disk.erased, third.disk.seen.has('after')]).toEqual([true, false])
    world.setOnline(second, true)
    await world.pass(minuteMs)
    expect(world.has(second, document, 'after')).toBe(true)
    const places = [world.first, second].map((device) => device.running()?.store.place())
    expect(places[0]?.topic).toBe(places[1]?.topic)
    expect(places[0]?.epoch).not.toBeNull()
  })

  it('is waited for by a device that was let in meanwhile, until another hands it over', async () => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    const phone = await world.during(inviteDevice(world, second, second.disk.member, 'phone'))
    if (!phone) throw new Error('Not let in')
    await phone.start()
    const lines: (string | undefined)[] = []
    phone.running()?.engine.watch(({ line }) => lines.push(line.kind))
    const store = world.first.running()?.store
    await world.during((async () => store?.act([{ type: 'remove-device', device: third.key }, await store.rekey(new Set([third.key]))]))())
    const document = await world.save(world.first, 'new')
    world.setOnline(second, true)
    phone.host.island = 0
    world.network.moved()
    await world.pass(2 * minuteMs)
    expect(lines).toContain('waiting-for-key')
    expect(lines.at(-1)).toBe('synced')
    expect(world.has(phone, document, 'new')).toBe(true)
    phone.crash()
  })

  it.each([
    { who: 'another member', cheats: (third: SimDevice) => [third] },
    { who: 'everybody', cheats: (third: SimDevice) => [third, world.first] },
  ])('that a member has garbled for $who is mended without anybody doing anything', async ({ cheats }) => {
    const [second, third] = [await letInColleague('second'), await letInColleague('third')]
    const phone = await world.during(inviteDevice(world, second, second.disk.member, 'phone'))
    if (!phone) throw new Error('Not let in')
    await world.pass(30 * secondMs)
    const store = second.running()?.store
    const rekey = await world.during(Promise.resolve(store?.rekey(new Set([phone.key]))))
    if (rekey?.type !== 'rekey') throw new Error('No key')
    const cheated = cheats(third).map(({ key }) => key)
    const garbled = rekey.keys.map((one) => (cheated.includes(one.device) ? { ...one, sealed: `BBBB${one.sealed.slice(4)}` } : one))
    await world.during(
      Promise.resolve(
        store?.act([
          { type: 'remove-device', device: phone.key },
          { ...rekey, keys: garbled },
        ]),
      ),
    )
    await world.pass(2 * minuteMs)
    const document = await world.save(second, 'after')
    await world.pass(minuteMs)
    expect([second, third, world.first].map(lineOf)).toEqual(['synced', 'synced', 'synced'])
    expect([third, world.first].map((device) => world.has(device, document, 'after'))).toEqual([true, true])
  })

  it('does not come to a device that somebody let in who was removed at the same moment: it says so', async () => {
    const second = await world.letIn('second', { roles: ['administrator'] })
    await world.pass(20 * secondMs)
    world.setOnline(second, false)
    const third = await world.during(inviteDevice(world, second, second.disk.member, 'third'))
    if (!third) throw new Error('Not let in')
    await third.start()
    const store = world.first.running()?.store
    await world.during(
      (async () => store?.act([{ type: 'remove-device', device: second.key }, await store.rekey(new Set([second.key]))]))(),
    )
    expect(lineOf(third)).not.toBe('left-out')
    third.host.island = 0
    world.setOnline(second, true)
    await world.pass(2 * minuteMs)
    expect([second.disk.erased, third.disk.erased]).toEqual([true, false])
    expect(lineOf(third)).toBe('left-out')
    third.crash()
  })

  it('goes to the removed device when only the remover is left', async () => {
    const second = await letInColleague('second')
    const store = world.first.running()?.store
    await world.during(
      (async () => store?.act([{ type: 'remove-device', device: second.key }, await store.rekey(new Set([second.key]))]))(),
    )
    await world.pass(minuteMs)
    expect(second.disk.erased).toBe(true)
    expect(lineOf(world.first)).toBe('only-device')
  })
})

describe("messages between one person's devices", () => {
  it("reach that person's devices alone", async () => {
    const colleague = await letInColleague('colleague')
    const phone = await world.letIn('phone', { member: world.first.disk.member })
    await world.pass(20 * secondMs)
    const heard: string[] = []
    for (const device of [world.first, colleague, phone]) {
      device.running()?.engine.watchOwnDevices(({ from, body }) => {
        heard.push(`${device.name}: ${body} from ${from === world.first.key ? 'first' : 'another'}`)
      })
    }
    world.first.running()?.engine.sendToOwnDevices('to all', null)
    world.first.running()?.engine.sendToOwnDevices('to one', phone.key)
    world.first.running()?.engine.sendToOwnDevices('to a colleague', colleague.key)
    await world.pass(5 * secondMs)
    expect(heard).toEqual(['phone: to all from first', 'phone: to one from first'])
  })
})

describe('a device that is heard', () => {
  it('is written down every half minute at most', async () => {
    const second = await letInColleague('second')
    const written: number[] = []
    const before = world.first.disk.peers.get(second.key)?.heardAt ?? 0
    for (let i = 0; i < 40; i++) {
      await world.save(second, `n${i}`)
      await world.pass(2 * secondMs)
      const at = world.first.disk.peers.get(second.key)?.heardAt ?? 0
      if (at !== (written.at(-1) ?? before)) written.push(at)
    }
    expect(written.length).toBeGreaterThan(1)
    expect(written.length).toBeLessThanOrEqual(4)
  })
})
