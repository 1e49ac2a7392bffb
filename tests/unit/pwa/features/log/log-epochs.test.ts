import { asId, type DocumentId, type EpochId } from '@alcove/shared/domain/ids'
import type { BatchRecord } from '@alcove/shared/domain/log-reading'
import type { DeviceTag, LogHash } from '@alcove/shared/domain/sealed-log'
import { beforeEach, expect, it } from 'vitest'
import { createLogEpochs, type LogEpochs, notePassedOver } from '../../../../../pwa/src/features/log/log-epochs.ts'
import { createLogMemory, type LogMemory } from '../../../../../pwa/src/features/log/log-memory.ts'
import type { SyncPlace } from '../../../../../pwa/src/sync-ports.ts'
import { createFakeLogBook, createLogShelf, type LogShelf } from '../../../../support/log/fake-log-keeping.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const [a, b] = ['a', 'b'].map((name) => asId<DocumentId>(name)) as [DocumentId, DocumentId]
const [one, two, three] = ['1', '2', '3'].map((name) => asId<EpochId>(name)) as [EpochId, EpochId, EpochId]
const place = (...epochs: readonly EpochId[]) => placeHolding(epochs, ...epochs)
const placeHolding = (held: readonly EpochId[], ...epochs: readonly EpochId[]) =>
  ({ epochs: [null, ...epochs], heldEpochs: new Set(held) }) as unknown as SyncPlace

let shelf: LogShelf
let memory: LogMemory
let epochs: LogEpochs
let doubted: DocumentId[]
beforeEach(async () => {
  shelf = createLogShelf()
  await start()
  for (const document of [a, b]) memory.keep(pageOf(document, 3))
  epochs.follow(place(one, two))
})

/** As the program does, with what it wrote before. */
async function start(): Promise<void> {
  await memory?.settled()
  memory = createLogMemory(createFakeLogBook(shelf), createManualClock(), () => undefined)
  await memory.load()
  doubted = []
  epochs = createLogEpochs({ memory, doubt: (document) => doubted.push(document) })
}

function pageOf(document: DocumentId, sequence: number) {
  const position = { sequence, hash: asId<LogHash>(`${document} ${sequence}`) }
  return { document, position, seen: new Map(), known: null, epoch: two, snapshotAt: 0, snapshotBytes: 0, recordsSince: 0, bytesSince: 0 }
}

const record = (epoch: EpochId, state: BatchRecord['state']): BatchRecord => ({
  header: { kind: 'update', device: asId<DeviceTag>('tag'), number: 1, epoch, seen: new Map(), covers: null },
  state,
  hash: asId<LogHash>('hash'),
  bytes: 1,
})

it('keys that come to those that count change nothing in what was read', () => {
  epochs.follow(place(one, two, three))
  epochs.follow(place(one, asId<EpochId>('between'), two, three))
  expect(doubted).toEqual([])
})

it('all logs are read again when a key of then counts for nothing', () => {
  epochs.follow(place(one))
  epochs.follow(place(one))
  expect(doubted).toEqual([a, b])
})

it('all logs are read again when the keys are in another order', () => {
  epochs.follow(place(two, one))
  expect(doubted).toEqual([a, b])
})

it('what changed while the program did not run is noticed when it starts', async () => {
  await start()
  epochs.follow(place(one))
  expect(doubted).toEqual([a, b])
})

it('what was not read again to its end is begun again with the next start, and with the next connection', async () => {
  epochs.follow(place(one))
  await start()
  epochs.follow(place(one))
  expect(doubted).toEqual([a, b])
  epochs.lost()
  epochs.follow(place(one))
  expect(doubted).toEqual([a, b, a, b])
})

it('what was read again is not read a third time', async () => {
  epochs.follow(place(one))
  epochs.wasRead()
  epochs.follow(place(one))
  await start()
  epochs.follow(place(one))
  expect(doubted).toEqual([])
})

it('what was passed over is read when the chain knows its key after all', async () => {
  notePassedOver(memory, [record(three, 'open'), record(one, 'open')], [null, one, two])
  await start()
  epochs.follow(place(one, two))
  expect(doubted).toEqual([])
  epochs.follow(place(one, two, three))
  expect(doubted).toEqual([a, b])
  epochs.wasRead()
  expect(memory.cover().passedOver).toEqual([])
})

it('neither forgeries nor records that are waited for count as passed over, and nobody fills the memory with keys', () => {
  notePassedOver(memory, [record(three, 'forged'), record(three, 'locked')], [null])
  expect(memory.cover().passedOver).toEqual([])
  for (let i = 0; i < 500; i++) notePassedOver(memory, [record(asId<EpochId>(`made up ${i}`), 'void')], [null])
  expect(memory.cover().passedOver.length).toBeLessThan(100)
})

it('what was passed over is read when the chain knows its key after all, whatever was made up in between', () => {
  notePassedOver(memory, [record(three, 'open')], [null, one, two])
  for (let i = 0; i < 500; i++) notePassedOver(memory, [record(asId<EpochId>(`made up ${i}`), 'void')], [null, one, two])
  epochs.follow(place(one, two))
  expect(doubted).toEqual([])
  epochs.follow(place(one, two, three))
  expect(doubted).toEqual([a, b])
  // And that is the end of it.
  epochs.wasRead()
  epochs.lost()
  epochs.follow(place(one, two, three))
  expect(doubted).toEqual([a, b])
})

it('all logs are read again once this device has a key under which it passed over what a removed device wrote', () => {
  notePassedOver(memory, [record(two, 'void')], [null, one, two])
  epochs.follow(placeHolding([one], one, two))
  expect(doubted).toEqual([])
  epochs.follow(placeHolding([one, two], one, two))
  expect(doubted).toEqual([a, b])
  epochs.wasRead()
  epochs.follow(place(one, two))
  expect(doubted).toEqual([a, b])
})
