import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash } from '@alcove/shared/domain/sealed-log'
import { describe, expect, it } from 'vitest'
import { createLogMemory } from '../../../../../pwa/src/features/log/log-memory.ts'
import type { LogBook, LogPage } from '../../../../../pwa/src/log-ports.ts'
import { createFakeLogBook, createLogShelf } from '../../../../support/log/fake-log-keeping.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const document = asId<DocumentId>('document')
const pageAt = (sequence: number): LogPage => ({
  document,
  position: { sequence, hash: asId<LogHash>(`hash ${sequence}`) },
  seen: new Map(),
  known: null,
  epoch: null,
  snapshotAt: 0,
  snapshotBytes: 0,
  recordsSince: 0,
  bytesSince: 0,
})

describe('what a device knows of the logs', () => {
  it('is at hand at once, written together, and there after a start', async () => {
    const shelf = createLogShelf()
    const book = createFakeLogBook(shelf)
    let writes = 0
    const counted: LogBook = {
      ...book,
      write(change) {
        writes++
        return book.write(change)
      },
    }
    const memory = createLogMemory(counted, createManualClock(), () => undefined)
    memory.keep(pageAt(1))
    memory.keep(pageAt(2))
    memory.note({ mark: 7 })
    expect(memory.page(document)?.position.sequence).toBe(2)
    await memory.settled()
    expect(writes).toBe(1)
    const next = createLogMemory(createFakeLogBook(shelf), createManualClock(), () => undefined)
    await next.load()
    expect([next.page(document)?.position.sequence, next.cover().mark]).toEqual([2, 7])
  })

  it('is written later when there was no room for it', async () => {
    const shelf = createLogShelf()
    const book = createFakeLogBook(shelf)
    let isFull = true
    const clock = createManualClock()
    const memory = createLogMemory(
      { ...book, write: (change) => (isFull ? Promise.reject(new Error('full')) : book.write(change)) },
      clock,
      () => undefined,
    )
    memory.keep(pageAt(1))
    await memory.settled()
    memory.note({ mark: 3 })
    await memory.settled()
    isFull = false
    clock.advance(31_000)
    await memory.settled()
    expect([shelf.pages.get(document)?.position.sequence, shelf.cover.mark]).toEqual([1, 3])
  })

  it('says each kind of incident once for a log, until the person has read it', () => {
    let noticed = 0
    const memory = createLogMemory(createFakeLogBook(), createManualClock(5), () => {
      noticed++
    })
    memory.report('forked', document)
    memory.report('forked', document)
    memory.report('forged', document)
    expect([noticed, memory.cover().incidents.map(({ kind }) => kind)]).toEqual([2, ['forked', 'forged']])
    memory.note({ incidents: [] })
    memory.report('forked', document)
    expect(memory.cover().incidents).toEqual([{ kind: 'forked', document, at: 5 }])
  })

  it('forgets what stood at a place once that log is begun anew', () => {
    const memory = createLogMemory(createFakeLogBook(), createManualClock(), () => undefined)
    memory.passed(document, [pageAt(1).position, pageAt(2).position])
    expect(memory.pastHash(document, 1)).toBe('hash 1')
    memory.begin(pageAt(0))
    expect(memory.pastHash(document, 1)).toBeNull()
  })
})
