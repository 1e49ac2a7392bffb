import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, readHeader, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DocumentId, type EpochId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { chainLog } from '../../support/simulation/sim-disk.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000

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

/** Signed by a device of the practice, and sealed under a practice key that nobody ever made. */
async function write(log: DocumentId): Promise<void> {
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const there = world.logs(disk).get(log)
  if (!space || !there) throw new Error('No log')
  const epoch = asId<EpochId>('A'.repeat(22))
  const device = await deviceTagOf(member.key)
  const number =
    1 + Math.max(0, ...recordsOf(there).map((bytes) => (readHeader(bytes)?.device === device ? (readHeader(bytes)?.number ?? 0) : 0)))
  const header = { kind: 'update', device, number, epoch, seen: new Map(), covers: null } as const
  const key = await deriveLogKey(new Uint8Array(32).fill(7), epoch, member.key)
  const record = await sealRecord({ space, log }, header, key, member.disk.device, new Uint8Array(20))
  if (!record) throw new Error('Too large')
  await rewriteLog(disk, space, log, [...recordsOf(there), record])
  world.server.crash(secondMs, disk)
  await world.pass(10 * secondMs)
}

describe('a member’s record under a practice key that nobody made', () => {
  it.each(['a document', 'the chain'])('in the log of %s holds nobody up, and no server is blamed', async (which) => {
    member.crash()
    await write(which === 'the chain' ? chainLog : document)
    await world.current(world.first)
    await world.save(world.first, 'b', document)
    await world.current(world.first)
    const fresh = await world.letIn('fresh')
    await world.current(world.first, fresh)
    expect(world.has(fresh, document, 'a') && world.has(fresh, document, 'b')).toBe(true)
    expect([...world.incidents(world.first), ...world.incidents(fresh)]).toEqual([])
  })
})
