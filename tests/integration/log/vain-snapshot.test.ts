import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, readHeader, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DocumentId, type EpochId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogPosition, RecordKind } from '@alcove/shared/domain/sealed-log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const vain = asId<EpochId>('A'.repeat(22))

let world: LogWorld
let member: SimDevice
let document: DocumentId
beforeEach(async () => {
  world = await createLogWorld()
  member = await world.letIn('member')
  document = await world.save(member, 'a')
  await world.current(world.first, member)
})
afterEach(() => world.stop())

/** As while that key was current: one device has written a snapshot under it, another has confirmed it, and what it covers is gone. */
async function pruneUnderVainKey(): Promise<void> {
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  if (!space || !log) throw new Error('No log')
  const numbers = new Map<DeviceTag, number>()
  for (const header of recordsOf(log).map(readHeader)) if (header) numbers.set(header.device, header.number)
  const covers: LogPosition = log.state.end
  const at = { space, log: document }
  async function sealed(kind: RecordKind, { key, disk: own }: SimDevice) {
    const device = await deviceTagOf(key)
    const number = (numbers.get(device) ?? 0) + 1
    const header = { kind, device, number, epoch: vain, seen: new Map([...numbers].filter(([other]) => other !== device)), covers }
    numbers.set(device, number)
    const secret = await deriveLogKey(new Uint8Array(32).fill(7), vain, key)
    const record = await sealRecord(at, header, secret, own.device, new Uint8Array(20))
    if (!record) throw new Error('Too large')
    return record
  }
  const added = [await sealed('snapshot', member), await sealed('ack', world.first)]
  await rewriteLog(disk, space, document, [...recordsOf(log), ...added])
  const { state, records } = log
  log.state = { ...state, base: { ...covers, total: records.get(covers.sequence)?.total ?? 0 } }
  for (let gone = 1; gone <= covers.sequence; gone++) records.delete(gone)
  world.server.crash(secondMs, disk)
  await world.pass(10 * secondMs)
}

it('a log that was pruned to a snapshot under a key that came to nothing is filled again by those who have what it held', async () => {
  for (const device of [world.first, member]) device.crash()
  await pruneUnderVainKey()
  const { shelf } = world.first.disk
  shelf.cover = { ...shelf.cover, epochs: [null, vain] }
  await world.first.start()
  await world.current(world.first)
  await world.save(world.first, 'b', document)
  await world.current(world.first)

  const later = await world.letIn('later')
  await world.current(world.first, later)
  world.first.crash()
  expect(world.has(later, document, 'a') && world.has(later, document, 'b')).toBe(true)
  expect(world.incidents(later)).toEqual([])
})
