import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const minuteMs = 60_000

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld()
})
afterEach(() => world.stop())

it('what a removed device wrote behind a newer key is not taken either by whoever stands where that key came in another log', async () => {
  const stolen = await world.letIn('stolen')
  const third = await world.letIn('third')
  const document = await world.save(world.first, 'a')
  await world.current(world.first, stolen, third)
  await world.save(stolen, 'b', document)
  await world.current(world.first, stolen, third)
  third.crash()
  stolen.crash()
  await world.remove(stolen)
  await world.current(world.first)
  await world.pass(minuteMs)

  // Without its first record, the first one of the new key stands where the third device has read another one.
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  const records = log ? recordsOf(log) : []
  if (!space || records.length !== 3) throw new Error('There is no such log')
  const doc = new Y.Doc()
  doc.getMap('tokens').set('evil', 1)
  const key = await deriveLogKey(stolen.disk.foundingKey, null, stolen.key)
  const header = { kind: 'update', device: await deviceTagOf(stolen.key), number: 2, epoch: null, seen: new Map(), covers: null } as const
  const update = Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
  const evil = await sealRecord({ space, log: document }, header, key, stolen.disk.device, update)
  if (!evil) throw new Error('Too large')
  await rewriteLog(disk, space, document, [...records.slice(1), evil])
  world.server.crash(1000, disk)
  await third.start()
  await world.pass(minuteMs)
  await world.current(world.first, third)
  expect(world.incidents(third)).toContain('forked')
  expect([world.has(third, document, 'b'), world.has(third, document, 'evil'), world.has(world.first, document, 'evil')]).toEqual([
    true,
    false,
    false,
  ])
})

it('what was written into another log is written again by whoever begins at a snapshot of this one', async () => {
  const led = await world.letIn('led')
  const third = await world.letIn('third')
  const document = await world.save(world.first, 'a')
  await world.current(world.first, led, third)
  await world.save(led, 'b', document)
  await world.current(world.first, led, third)
  world.setOnline(led, false)
  await world.save(led, 'c', document)
  led.crash()

  // Without its record, what that device writes has the number of the one that the others see.
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  if (!space || !log) throw new Error('There is no such log')
  await rewriteLog(disk, space, document, recordsOf(log).slice(0, -1))
  world.server.leadAstray(new Set([led.host]), disk)
  world.setOnline(led, true)
  await led.start()
  await world.pass(minuteMs)
  await world.current(led)
  for (let i = 0; i < 5; i++) await world.save(world.first, 'large', document, 80 * 1024)
  await world.pass(2 * minuteMs)

  world.server.unite('main')
  await world.pass(minuteMs)
  await world.current(world.first, led, third)
  expect(world.server.jumps(led.host).get(document)).toBeGreaterThan(2)
  expect([world.first, third].map((device) => world.has(device, document, 'c'))).toEqual([true, true])
})
