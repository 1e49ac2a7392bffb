import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, readHeader, sealRecord } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogPosition, RecordHeader } from '@alcove/shared/domain/sealed-log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import type { SimDevice } from '../../support/simulation/sim-device.ts'
import { copyOf, recordsOf, rewriteLog, type SimLogDisk } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

let world: LogWorld
let writer: SimDevice
let away: SimDevice
let document: DocumentId
beforeEach(async () => {
  world = await createLogWorld()
  writer = await world.letIn('writer')
  away = await world.letIn('away')
  await world.current(world.first, writer, away)
  away.crash()
  document = await world.save(world.first, 'a')
  await world.save(writer, 'b', document)
  await world.current(world.first, writer)
})
afterEach(() => world.stop())

type Said = Pick<RecordHeader, 'kind' | 'covers'> & { readonly number?: number; readonly doc?: Y.Doc }

/** By a device of the practice. */
async function signed(disk: SimLogDisk, { kind, covers, number, doc }: Said): Promise<Uint8Array<ArrayBuffer>> {
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  if (!space || !log) throw new Error('No log')
  const device = await deviceTagOf(writer.key)
  const seen = new Map<RecordHeader['device'], number>()
  for (const bytes of recordsOf(log)) {
    const header = readHeader(bytes)
    if (header) seen.set(header.device, Math.max(header.number, seen.get(header.device) ?? 0))
  }
  const next = 1 + (seen.get(device) ?? 0)
  seen.delete(device)
  const header: RecordHeader = { kind, device, number: number ?? next, epoch: null, seen: number ? new Map() : seen, covers }
  const key = await deriveLogKey(writer.disk.foundingKey, null, writer.key)
  const payload = doc ? Uint8Array.from(Y.encodeStateAsUpdateV2(doc)) : new Uint8Array(0)
  const record = await sealRecord({ space, log: document }, header, key, writer.disk.device, payload)
  if (!record) throw new Error('Too large')
  return record
}

async function append(said: (end: LogPosition) => Said): Promise<void> {
  const disk = copyOf(world.server.disk())
  const [space] = disk.spaces.keys()
  const log = world.logs(disk).get(document)
  if (!space || !log) throw new Error('No log')
  await rewriteLog(disk, space, document, [...recordsOf(log), await signed(disk, said(log.state.end))])
  world.server.crash(secondMs, disk)
  await world.pass(10 * secondMs)
}

/** It says that it is all that there was, and it is nothing. */
const appendEmptySnapshot = () => append(({ sequence, hash }) => ({ kind: 'snapshot', covers: { sequence, hash }, doc: new Y.Doc() }))

const kindsAfter = (sequence: number) =>
  [...(world.logs().get(document)?.records ?? [])].flatMap(([at, { bytes }]) => (at > sequence ? [readHeader(bytes)?.kind] : []))

describe('a snapshot that lacks something', () => {
  it('is not confirmed, and what it lacks is written behind it by whoever has it', async () => {
    writer.crash()
    await appendEmptySnapshot()
    const at = world.logs().get(document)?.state.end.sequence ?? 0
    await world.current(world.first)
    await world.pass(minuteMs)
    expect(kindsAfter(at)).toEqual(['update'])
    expect(world.has(world.first, document, 'a')).toBe(true)
    // Once: it says then all that there is.
    world.first.crash()
    await away.start()
    await world.until('it has both', () => world.has(away, document, 'a') && world.has(away, document, 'b'), 20 * secondMs)
    await world.pass(5 * minuteMs)
    expect(kindsAfter(at).filter((kind) => kind === 'update')).toHaveLength(1)
  })

  it('is found out by a device that began at it, from what it covers', async () => {
    writer.crash()
    world.first.crash()
    await appendEmptySnapshot()
    const at = world.logs().get(document)?.state.end.sequence ?? 0
    await away.start()
    await world.current(away)
    await world.pass(2 * minuteMs)
    expect(world.has(away, document, 'a') && world.has(away, document, 'b')).toBe(true)
    expect(kindsAfter(at)).toEqual(['update'])
    expect(world.incidents(away)).toEqual([])
    // What was found out is not looked at again.
    expect(away.disk.shelf.pages.get(document)?.unproven).toBe(0)
  })

  it('is not confirmed by its own writer, who says so later', async () => {
    const covers = world.logs().get(document)?.state.end ?? null
    writer.crash()
    world.first.crash()
    await appendEmptySnapshot()
    await away.start()
    await world.current(away)
    await append(() => ({ kind: 'ack', covers }))
    await world.pass(2 * minuteMs)
    expect(world.has(away, document, 'a') && world.has(away, document, 'b')).toBe(true)
  })

  it('is not found out from other records than those that lead to it', async () => {
    writer.crash()
    world.first.crash()
    await appendEmptySnapshot()
    await away.start()
    await world.current(away)
    // As somebody who was removed could still write it, in place of what stood there before the practice had a new key.
    const doc = new Y.Doc()
    doc.getMap('tokens').set('evil', true)
    const disk = world.server.disk()
    const records = world.logs(disk).get(document)?.records
    const first = records?.get(1)
    if (!records || !first) throw new Error('No record')
    records.set(1, { ...first, bytes: await signed(disk, { kind: 'update', covers: null, number: 1, doc }) })
    await world.pass(5 * minuteMs)
    expect(world.has(away, document, 'evil')).toBe(false)
    expect(world.incidents(away)).toEqual(['forked'])
  })
})

describe('a snapshot that was confirmed', () => {
  it('is believed by a device that begins at it', async () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 5; i++) await world.save(world.first, 'large', document, 80 * 1024)
      await world.pass(2 * minuteMs)
    }
    expect(kindsAfter(0)).toContain('ack')
    await away.start()
    await world.current(away)
    expect([away.disk.shelf.pages.get(document)?.unproven, world.has(away, document, 'a')]).toEqual([0, true])
  })
})
