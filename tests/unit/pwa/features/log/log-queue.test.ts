import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash, LogPosition } from '@alcove/shared/domain/sealed-log'
import { beforeEach, expect, it } from 'vitest'
import { createTurns, type LogContext } from '../../../../../pwa/src/features/log/log-context.ts'
import { createLogMemory, type LogMemory } from '../../../../../pwa/src/features/log/log-memory.ts'
import { createReadQueue, type ReadQueue } from '../../../../../pwa/src/features/log/log-queue.ts'
import { createFakeLogBook } from '../../../../support/log/fake-log-keeping.ts'
import { createDeviceClock, createVirtualTime, type VirtualTime } from '../../../../support/simulation/virtual-time.ts'

const secondMs = 1000
const document = asId<DocumentId>('a')
const at = (sequence: number, branch = ''): LogPosition => ({ sequence, hash: asId<LogHash>(`${branch} ${sequence}`) })

let time: VirtualTime
let memory: LogMemory
let queue: ReadQueue
let reads: number
/** Up to where the server gives the log when it is read. */
let served: LogPosition
let untilAnswered: Promise<void>
beforeEach(() => {
  time = createVirtualTime(60 * secondMs)
  const clock = createDeviceClock(time, 0)
  memory = createLogMemory(createFakeLogBook(), clock, () => undefined)
  reads = 0
  served = at(55)
  untilAnswered = Promise.resolve()
  const context = {
    clock,
    memory,
    place: () => ({ chainLog: asId<DocumentId>('chain') }),
    connection: () => ({}),
    isClosed: () => false,
    store: { openDocuments: () => [], practiceDocument: () => asId<DocumentId>('practice') },
  } as unknown as LogContext
  const reader = {
    async readToEnd() {
      await untilAnswered
      if (++reads > 50) throw new Error('It is read without end')
      keep(served)
      return 'done' as const
    },
    pageOf: () => Promise.reject(new Error('Not here')),
  }
  queue = createReadQueue({ context, turns: createTurns(), reader: () => reader, changed: () => undefined, onIdle: () => undefined })
})

function keep(position: LogPosition): void {
  memory.keep({
    document,
    position,
    seen: new Map(),
    known: null,
    epoch: null,
    snapshotAt: 0,
    snapshotBytes: 0,
    recordsSince: 0,
    bytesSince: 0,
  })
}

const noticed = () => memory.cover().incidents.map(({ kind }) => kind)
const pass = (ms: number) => time.runUntil(time.now() + ms)

it('a server that announces more than it gives is said to withhold, and asked again later and later', async () => {
  queue.ends(document, at(60))
  await pass(1)
  expect([reads, queue.isStuck(document), queue.isIdle(), noticed()]).toEqual([1, true, true, ['withheld']])
  await pass(6 * secondMs)
  expect(reads).toBe(2)
  await pass(3600 * secondMs)
  expect(reads).toBeLessThan(12)
})

it('is asked no more once it has given what it announced', async () => {
  queue.ends(document, at(60))
  await pass(1)
  served = at(60)
  await pass(6 * secondMs)
  expect([reads, queue.isStuck(document)]).toEqual([2, false])
  await pass(3600 * secondMs)
  expect(reads).toBe(2)
})

it('a log that ends as announced, but in another record, is another log', async () => {
  queue.ends(document, at(55, 'other'))
  await pass(secondMs)
  expect([noticed(), queue.isStuck(document)]).toEqual([['forked'], false])
})

it('what it announces while a log is read is read as well, and nobody is blamed', async () => {
  queue.ends(document, at(55))
  queue.ends(document, at(56))
  served = at(56)
  await pass(secondMs)
  expect([noticed(), queue.isStuck(document), queue.isIdle()]).toEqual([[], false, true])
})

it('whoever asks for the chain’s log while it is read waits for a reading that begins after that', async () => {
  let answer = () => {}
  untilAnswered = new Promise((resolve) => {
    answer = resolve
  })
  const ends: string[] = []
  const note = (name: string) => () => void ends.push(`${name} after ${reads}`)
  void queue.readChain().then(note('first'))
  await pass(1)
  void queue.readChain().then(note('second'))
  void queue.readChain().then(note('third'))
  answer()
  await pass(1)
  expect(ends).toEqual(['first after 1', 'second after 2', 'third after 2'])
})
