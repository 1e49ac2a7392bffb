import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { practiceDocument } from '../../support/simulation/sim-disk.ts'
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

describe('a device that cannot store what the chain’s log says', () => {
  it('takes nobody’s record for forged whom it could not store that the practice let in, and reads it once there is room', async () => {
    second.disk.isFull = true
    const third = await world.letIn('third')
    await world.save(third, 'b', document)
    await world.current(third)
    await world.pass(minuteMs)
    expect(second.running()?.store.place()?.roll.devices.has(third.key)).toBe(false)
    expect(world.log(second).line.kind).not.toBe('current')
    second.disk.isFull = false
    await world.current(second)
    expect(world.incidents(second)).toEqual([])
    expect(world.has(second, document, 'b')).toBe(true)
  })

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
    await world.remove(second)
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

describe('a device whose practice document lost an entry of the chain that it has read', () => {
  it('knows after a start still who was let in by it', async () => {
    const third = await world.letIn('third', { by: second })
    await world.current(world.first, second, third)
    const store = world.first.running()?.store
    if (!store) throw new Error('It does not run')
    // One copy of it is taken out on another device's word; the one that is left there is not here yet.
    const [entry] = (store.history()?.order ?? []).filter(({ operations }) =>
      operations.some((one) => one.type === 'add-device' && one.device === third.key),
    )
    const copy = new Y.Doc()
    Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(store.document(practiceDocument)))
    const vector = Y.encodeStateVector(copy)
    copy.getMap('chain').delete(entry?.hash ?? '')
    const taken = new Uint8Array(Y.encodeStateAsUpdateV2(copy, vector))
    expect(await world.during(store.sync.apply(practiceDocument, taken))).toMatchObject({ ok: true })
    expect(
      store
        .document(practiceDocument)
        .getMap('chain')
        .has(entry?.hash ?? ''),
    ).toBe(false)
    world.first.crash()
    await world.save(third, 'b', document)
    await world.current(second, third)
    await world.first.start()
    await world.current(world.first)
    expect(world.incidents(world.first)).toEqual([])
    expect(world.has(world.first, document, 'b')).toBe(true)
  })
})
