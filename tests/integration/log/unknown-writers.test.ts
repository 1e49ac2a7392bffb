import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
let second: SimDevice
let document: DocumentId
beforeEach(async () => {
  world = await createLogWorld()
  second = await world.letIn('second', { roles: ['administrator'] })
  document = await world.save(second, 'a')
  await world.current(world.first, second)
})
afterEach(() => world.stop())

async function remove(by: SimDevice, device: SimDevice): Promise<void> {
  const store = by.running()?.store
  if (!store) throw new Error('It does not run')
  const removed = await world.during(store.act([{ type: 'remove-device', device: device.key }, await store.rekey(new Set([device.key]))]))
  if (!removed.ok) throw new Error(removed.error)
}

describe('a device that cannot store what the chain’s log says', () => {
  it('blames nobody until it can, and notices then what is forged', async () => {
    world.first.disk.isFull = true
    const third = await world.letIn('third', { by: second })
    await world.save(third, 'b', document)
    await world.current(second, third)
    const disk = copyOf(world.server.disk())
    const [space] = disk.spaces.keys()
    const log = world.logs(disk).get(document)
    const last = log && recordsOf(log).at(-1)
    if (!space || !log || !last) throw new Error('No log')
    const forged = last.slice()
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    await rewriteLog(disk, space, document, [...recordsOf(log).slice(0, -1), forged, last])
    for (const device of [second, third]) device.crash()
    world.server.crash(secondMs, disk)
    await world.pass(minuteMs)
    expect(world.incidents(world.first)).toEqual([])
    world.first.disk.isFull = false
    await world.until('it is noticed', () => world.incidents(world.first).includes('forged'))
  })
})

describe('a device that was let in by one that was removed at the same time', () => {
  it('is no stranger whose records a server made up, and what it wrote before it could know is kept', async () => {
    world.setOnline(world.first, false)
    await remove(world.first, second)
    const late = await world.letIn('late', { by: second })
    await world.save(late, 'b', document)
    await world.current(second, late)
    const other = await world.letIn('other', { by: second })
    await world.save(other, 'c', document)
    await world.current(second, late, other)
    world.setOnline(world.first, true)
    await world.current(world.first)
    expect(world.first.running()?.store.place()?.roll.refusedDevices).toEqual(new Set([late.key, other.key]))
    expect(world.incidents(world.first)).toEqual([])
    expect(world.has(world.first, document, 'b') && world.has(world.first, document, 'c')).toBe(true)
  })
})
