import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { copyOf, createSimLogDisk, recordsOf, rewriteLog, type SimLogDisk } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
let second: SimDevice
let document: DocumentId

async function begin(reach: 'log' | 'both'): Promise<void> {
  world = await createLogWorld({ reach })
  second = await world.letIn('second')
  document = await world.save(world.first, 'a')
  await world.save(second, 'b', document)
  await world.save(world.first, 'c', document)
  await world.current(world.first, second)
}
afterEach(() => world.stop())

/** What a device that has only the log finds in it. */
async function readBy(name: string): Promise<readonly string[]> {
  const fresh = await world.letIn(name, { reach: 'log' })
  await world.current(fresh)
  return Object.keys(fresh.running()?.store.document(document).getMap('tokens').toJSON() ?? {}).sort()
}

async function rewrite(change: (records: Uint8Array<ArrayBuffer>[]) => Uint8Array<ArrayBuffer>[]): Promise<SimLogDisk> {
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  if (!space || !log) throw new Error('There is no log')
  await rewriteLog(disk, space, document, change(recordsOf(log)))
  return disk
}

const all = () => [...world.incidents(world.first), ...world.incidents(second)]

describe('alone with the server', () => {
  beforeEach(() => begin('log'))

  it('fills a server again that lost its disk', async () => {
    world.server.crash(secondMs, createSimLogDisk())
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(all()).toContain('rolled-back')
    world.first.crash()
    second.crash()
    await world.first.start()
    expect(await readBy('third')).toEqual(['a', 'b', 'c'])
  })

  it('notices a server that was restored from a backup, and brings what that lacks', async () => {
    const backup = copyOf(world.server.disk())
    await world.save(world.first, 'd', document)
    await world.save(second, 'e', document)
    await world.current(world.first, second)
    world.server.crash(secondMs, backup)
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(world.incidents(world.first)).toContain('rolled-back')
    expect(world.incidents(second)).toContain('rolled-back')
    expect(await readBy('third')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('says it once, until the person has read it', async () => {
    world.server.crash(secondMs, createSimLogDisk())
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    const { incidents } = world.log(world.first)
    expect(new Set(incidents.map(({ kind, document: of }) => `${kind} ${of}`)).size).toBe(incidents.length)
    world.first.running()?.engine.log.acknowledge()
    await world.current(world.first)
    expect(world.incidents(world.first)).toEqual([])
    world.first.crash()
    await world.first.start()
    await world.current(world.first)
    expect(world.incidents(world.first)).toEqual([])
  })

  it('leaves out what no device of the practice wrote', async () => {
    const disk = await rewrite((records) => {
      const forged = records[0]?.slice() ?? new Uint8Array(300)
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
      return [...records, forged, new Uint8Array(400).fill(7)]
    })
    world.server.crash(secondMs, disk)
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(world.incidents(second)).toContain('forged')
    expect(await readBy('third')).toEqual(['a', 'b', 'c'])
  })

  it('leaves out what was there before', async () => {
    const disk = await rewrite((records) => [...records, ...records.slice(0, 1)])
    world.server.crash(secondMs, disk)
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(all()).toContain('replayed')
    expect(await readBy('third')).toEqual(['a', 'b', 'c'])
  })

  it('notices that something in the middle is kept back, and brings it again', async () => {
    const disk = await rewrite((records) => [...records.slice(0, 1), ...records.slice(2)])
    world.server.crash(secondMs, disk)
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(all().length).toBeGreaterThan(0)
    expect(await readBy('third')).toEqual(['a', 'b', 'c'])
  })

  it('goes on from a log that was put into another order', async () => {
    const disk = await rewrite((records) => [...records].reverse())
    world.server.crash(secondMs, disk)
    await world.pass(10 * secondMs)
    await world.current(world.first, second)
    expect(all()).toContain('forked')
    expect(await readBy('third')).toEqual(['a', 'b', 'c'])
  })
})

describe('with the other devices', () => {
  beforeEach(() => begin('both'))

  it('notices that each is shown another log, and brings both together', async () => {
    world.server.leadAstray(new Set([second.host]), copyOf(world.server.disk()))
    await world.pass(10 * secondMs)
    world.setOnline(second, false)
    await world.pass(30 * secondMs)
    await world.save(world.first, 'd', document)
    await world.save(second, 'e', document)
    await world.pass(30 * secondMs)
    world.setOnline(second, true)
    await world.pass(3 * minuteMs)
    expect(all()).toContain('forked')
    world.server.unite('main')
    await world.pass(minuteMs)
    await world.current(world.first, second)
    expect(world.has(world.first, document, 'e') && world.has(second, document, 'd')).toBe(true)
    expect(await readBy('third')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('notices that the server keeps back from one what it showed the other', async () => {
    const frozen = copyOf(world.server.disk())
    second.crash()
    await world.save(world.first, 'd', document)
    await world.current(world.first)
    world.server.leadAstray(new Set([second.host]), frozen)
    await second.start()
    await world.pass(3 * minuteMs)
    expect(world.incidents(second).some((kind) => kind === 'withheld' || kind === 'forked')).toBe(true)
    expect(world.has(second, document, 'd')).toBe(true)
    world.server.unite('main')
    await world.current(world.first, second)
    expect(await readBy('third')).toEqual(['a', 'b', 'c', 'd'])
  })
})
