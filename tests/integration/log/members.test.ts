import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import type { Role } from '@alcove/shared/domain/practice'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld()
})
afterEach(() => world.stop())

/** What the server's newest list says of it. */
function entryOf({ key }: SimDevice): { readonly device: string; readonly administrator: boolean } | undefined {
  const [space] = world.server.disk().spaces.values()
  const [contents = ''] = space?.statements.at(-1)?.split('.') ?? []
  const { devices }: { devices: readonly { readonly device: string; readonly administrator: boolean }[] } = JSON.parse(
    Buffer.from(contents, 'base64url').toString(),
  )
  return devices.find(({ device }) => device === key)
}

function listed(device: SimDevice): boolean {
  return entryOf(device) !== undefined
}

describe('a device that was removed', () => {
  it('reads nothing new and writes nothing more', async () => {
    const stolen = await world.letIn('stolen')
    const document = await world.save(world.first, 'a')
    await world.current(world.first, stolen)
    expect(world.has(stolen, document, 'a')).toBe(true)
    await world.remove(stolen)
    await world.current(world.first)
    await world.save(world.first, 'b', document)
    await world.current(world.first)
    const before = world.logs().get(document)?.state.end.sequence
    await world.pass(minuteMs)
    if (stolen.running() && !stolen.disk.erased) await world.save(stolen, 'x', document)
    await world.pass(minuteMs)
    expect(world.has(stolen, document, 'b')).toBe(false)
    expect(world.logs().get(document)?.state.end.sequence).toBe(before)
    expect(world.has(world.first, document, 'x')).toBe(false)
  })

  it('that meets nobody but the server reads that it is no longer let in, and not that all is saved', async () => {
    const stolen = await world.letIn('stolen')
    const document = await world.save(stolen, 'a')
    await world.current(world.first, stolen)
    world.setOnline(stolen, false)
    await world.remove(stolen)
    await world.current(world.first)
    await world.pass(minuteMs)
    world.setOnline(stolen, true)
    await world.until('it says so', () => world.log(stolen).line.kind === 'removed')
    await world.save(stolen, 'b', document)
    await world.pass(5 * minuteMs)
    expect([world.log(stolen).line.kind, stolen.running()?.state.unsynced]).toEqual(['removed', 1])
    // Also when it is started anew, and when the server is away.
    stolen.crash()
    await stolen.start()
    await world.until('it says so again', () => world.log(stolen).line.kind === 'removed')
    world.setOnline(stolen, false)
    await world.pass(minuteMs)
    expect(world.log(stolen).line.kind).toBe('removed')
  })

  it('writes nothing that counts, also with the help of the server', async () => {
    const stolen = await world.letIn('stolen')
    const third = await world.letIn('third')
    const document = await world.save(stolen, 'a')
    await world.current(world.first, stolen, third)
    await world.remove(stolen)
    await world.current(world.first, third)
    await world.pass(minuteMs)
    // A fence in every log: whatever is older than the new key counts for nothing from here on.
    const page = third.disk.shelf.pages.get(document)
    expect(page?.epoch).toBe(third.running()?.store.place()?.epoch)
    const disk = copyOf(world.server.disk())
    const [space] = disk.spaces.keys()
    const log = world.logs(disk).get(document)
    if (!space || !log) throw new Error('No log')
    const doc = new Y.Doc()
    doc.getMap('tokens').set('evil', 1)
    const key = await deriveLogKey(stolen.disk.foundingKey, null, stolen.key)
    const header = { kind: 'update', device: await deviceTagOf(stolen.key), number: 2, epoch: null, seen: new Map(), covers: null } as const
    const record = await sealRecord(
      { space, log: document },
      header,
      key,
      stolen.disk.device,
      Uint8Array.from(Y.encodeStateAsUpdateV2(doc)),
    )
    if (!record) throw new Error('Too large')
    await rewriteLog(disk, space, document, [...recordsOf(log), record])
    world.server.crash(secondMs, disk)
    await world.pass(minuteMs)
    await world.current(world.first, third)
    expect([world.has(third, document, 'evil'), world.has(world.first, document, 'evil')]).toEqual([false, false])
  })
})

describe('a device that was away while the practice key was made anew', () => {
  it('catches up from the chain’s log alone', async () => {
    const away = await world.letIn('away')
    const other = await world.letIn('other')
    const document = await world.save(away, 'a')
    await world.current(world.first, away, other)
    away.crash()
    await world.remove(other)
    await world.current(world.first)
    await world.save(world.first, 'b', document)
    await world.current(world.first)
    world.first.crash()
    await away.start()
    await world.current(away)
    expect(away.running()?.store.place()?.epoch).toBe(away.running()?.store.place()?.roll.epoch?.id)
    expect(world.has(away, document, 'b')).toBe(true)
    expect(world.incidents(away)).toEqual([])
    await world.save(away, 'c', document)
    await world.current(away)
    away.crash()
    await world.first.start()
    await world.current(world.first)
    expect(world.has(world.first, document, 'c')).toBe(true)
  })

  it('reads what stands under a key that was followed by another before anybody could share it', async () => {
    const [other, writer] = [await world.letIn('other'), await world.letIn('writer')]
    const second = await world.letIn('second', { roles: ['administrator'] })
    await world.current(world.first, other, writer, second)
    // The second one knows nothing of the new key while it lets somebody in.
    world.setOnline(second, false)
    const late = await world.letIn('late', { by: second })
    world.setOnline(late, false)
    await world.remove(other)
    await world.current(world.first, writer)
    const document = await world.save(writer, 'a')
    await world.current(world.first, writer)
    world.setOnline(second, true)
    await world.until('the first one knows', () => world.first.running()?.store.place()?.roll.devices.has(late.key) === true)
    second.crash()
    await world.remove(writer)
    await world.until('that is there', () => listed(late) && !listed(writer))
    await world.current(world.first)
    world.first.crash()
    world.setOnline(late, true)
    await world.current(late)
    expect(world.has(late, document, 'a')).toBe(true)
    expect(world.incidents(late)).toEqual([])
  })

  it('also over several new keys', async () => {
    const away = await world.letIn('away')
    const document = await world.save(away, 'a')
    await world.current(world.first, away)
    away.crash()
    for (const name of ['x', 'y', 'z']) {
      const other = await world.letIn(name)
      await world.current(world.first, other)
      await world.remove(other)
      await world.save(world.first, name, document)
      await world.current(world.first)
    }
    world.first.crash()
    await away.start()
    await world.current(away)
    for (const name of ['x', 'y', 'z']) expect(world.has(away, document, name)).toBe(true)
  })
})

describe('the access list', () => {
  it('that a restored backup made older is brought back by a device that is not on it', async () => {
    await world.current(world.first)
    const backup = copyOf(world.server.disk())
    const second = await world.letIn('second')
    await world.save(second, 'a')
    await world.current(world.first, second)
    world.first.crash()
    world.server.crash(secondMs, backup)
    await world.pass(minuteMs)
    await world.current(second)
    expect(second.running()?.state.unsynced).toBe(0)
  })

  it('follows the chain, and is signed by a device of the member itself', async () => {
    await world.current(world.first)
    const phone = await world.letIn('phone')
    await world.current(world.first, phone)
    const [space] = world.server.disk().spaces.values()
    expect(space?.statements.length).toBeGreaterThan(1)
    const keys = (text: string) => JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()).devices.length
    expect(keys(space?.statements.at(-1) ?? '')).toBe(2)
  })

  it('lets nobody in whom the chain has not let in', async () => {
    const stolen = await world.letIn('second')
    await world.current(world.first, stolen)
    await world.remove(stolen)
    await world.current(world.first)
    await world.pass(minuteMs)
    expect([listed(world.first), listed(stolen)]).toEqual([true, false])
  })

  it('is signed on by an administrator who knew it from before the role was given', async () => {
    const [second, third] = [await world.letIn('second'), await world.letIn('third')]
    await world.current(world.first, second, third)
    const roles: Role[] = ['clinician', 'administrator']
    const done = await world.during(
      world.first.running()?.store.act([{ type: 'change-roles', member: third.disk.member, roles }]) ??
        Promise.reject(new Error('Not running')),
    )
    expect(done.ok).toBe(true)
    await world.until('the list says so', () => entryOf(third)?.administrator === true)
    await world.current(third)
    world.first.crash()
    await world.remove(second, third)
    await world.current(third)
    await world.pass(minuteMs)
    expect(listed(second)).toBe(false)
  })

  it('lets in whom the chain names, also where whoever let it in is gone; its rights come with an administrator', async () => {
    const second = await world.letIn('second', { reach: 'both' })
    await world.current(world.first, second)
    const third = await world.letIn('third', { roles: ['administrator'], reach: 'both' })
    world.first.crash()
    expect(listed(third)).toBe(false)
    await world.current(second, third)
    expect(entryOf(third)?.administrator).toBe(false)
    await world.first.start()
    await world.until('third has its rights', () => entryOf(third)?.administrator === true)
  })

  it('is signed on by another administrator, where whoever changed the chain went away before', async () => {
    const stolen = await world.letIn('stolen')
    const third = await world.letIn('third', { roles: ['administrator'] })
    await world.current(world.first, stolen, third)
    await world.remove(stolen)
    await world.until('third knows', () => third.running()?.store.place()?.roll.removedDevices.has(stolen.key) === true)
    expect(listed(stolen)).toBe(true)
    world.first.crash()
    await world.pass(minuteMs)
    expect([listed(third), listed(stolen)]).toEqual([true, false])
  })
})
