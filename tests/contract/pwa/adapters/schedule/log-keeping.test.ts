import { openRecord, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DeviceKey, type DocumentId, type EpochId, type MemberId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogHash } from '@alcove/shared/domain/sealed-log'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { LogBook, LogKeeping, LogPage } from '../../../../../pwa/src/log-ports.ts'
import { createFakeLogKeeping, createLogShelf } from '../../../../support/log/fake-log-keeping.ts'
import { wholeBackends, type WholeDevice } from '../../../../support/store/backends.ts'
import { invite, meet, placeOf } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft, setUp } from '../../../../support/store/examples.ts'
import { noon } from '../../../../support/crypto-people.ts'

/** A device that has one document with something in it, and is in a practice. */
type Kept = {
  open(): Promise<LogKeeping>
  /** Everything is closed; `open` then begins anew from what is durable. */
  close(): Promise<void>
  readonly document: DocumentId
  /** Changes the document; resolves when that is durable. */
  change(): Promise<void>
}

async function realKept(device: WholeDevice): Promise<Kept> {
  let store = await device.open()
  const { me, patientId } = await setUp(store)
  const before = await store.sync.changedSince(0)
  const change = async () => void accepted(await store.schedule.save(null, exampleDraft(me.id, patientId)))
  for (let i = 0; i < 5; i++) await change()
  const [document] = (await store.sync.changedSince(before.mark)).documents
  if (!document) throw new Error('No document')
  return {
    async open() {
      store = await device.open()
      return store.log
    },
    close: () => device.close(),
    document,
    change,
  }
}

async function fakeKept(): Promise<Kept> {
  const doc = new Y.Doc()
  const shelf = createLogShelf()
  const secrets = new Map([[null, crypto.getRandomValues(new Uint8Array(32))]])
  let count = 0
  const change = async () => void doc.getMap('appointments').set(`a${count++}`, new Y.Map([['status', 'booked']]))
  for (let i = 0; i < 5; i++) await change()
  return {
    open: async () => createFakeLogKeeping({ shelf, document: () => doc, secrets }),
    close: async () => undefined,
    document: asId('D'.repeat(22)),
    change,
  }
}

const backends = [
  ...wholeBackends.map(({ name, createDevice }) => ({ name, create: () => realKept(createDevice(() => noon)) })),
  { name: 'in memory', create: fakeKept },
]

const page = (document: DocumentId, sequence: number): LogPage => ({
  document,
  position: { sequence, hash: 'h'.repeat(43) as LogHash },
  seen: new Map([['t'.repeat(22) as DeviceTag, sequence]]),
  known: new Uint8Array([0, 0]),
  epoch: null,
  snapshotAt: 0,
  snapshotBytes: 0,
  recordsSince: sequence,
  bytesSince: 100 * sequence,
})

describe.each(backends)('what a device keeps for the log $name', ({ create }) => {
  const kept: Kept[] = []
  afterEach(async () => {
    await Promise.all(kept.splice(0).map((one) => one.close()))
  })
  async function made(): Promise<Kept> {
    const one = await create()
    kept.push(one)
    return one
  }

  it('begins with nothing', async () => {
    const { book } = await (await made()).open()
    expect(await book.read()).toEqual({
      cover: { mark: 0, access: [], enrolment: null, incidents: [], epochs: null, passedOver: [] },
      pages: [],
    })
  })

  it('remembers pages and cover over a restart, the newest of each', async () => {
    const device = await made()
    const { book } = await device.open()
    const other = asId<DocumentId>('E'.repeat(22))
    const incident = { kind: 'forked', document: other, at: 5 } as const
    await book.write({ pages: [page(device.document, 1), page(other, 1)], cover: { access: ['a.b'], enrolment: 'proof' } })
    await book.write({ pages: [page(other, 2)] })
    const [epochs, passedOver] = [[null, asId<EpochId>('one')], [asId<EpochId>('two')]]
    await book.write({ cover: { mark: 9, incidents: [incident], epochs, passedOver } })
    const expected = { mark: 9, access: ['a.b'], enrolment: 'proof', incidents: [incident], epochs, passedOver }
    const check = async (again: LogBook) => {
      const { cover, pages } = await again.read()
      expect(cover).toEqual(expected)
      expect(pages.toSorted((a, b) => a.position.sequence - b.position.sequence)).toEqual([page(device.document, 1), page(other, 2)])
    }
    await check(book)
    await device.close()
    await check((await device.open()).book)
  })

  it('says what a reader lacks of a document, and gives the whole of it', async () => {
    const device = await made()
    const { documents, math } = await device.open()
    const whole = await documents.whole(device.document)
    expect(math.extend(null, [whole.update])).toEqual(whole.known)
    expect(await documents.lacking(device.document, whole.known)).toBeNull()
    expect(await documents.lacking(device.document, null)).toEqual(whole.update)
    await device.change()
    const lacking = await documents.lacking(device.document, whole.known)
    if (!lacking) throw new Error('Nothing lacking')
    expect(lacking.length).toBeLessThan(whole.update.length)
    const now = await documents.whole(device.document)
    expect(math.extend(whole.known, [lacking])).toEqual(now.known)
    expect(math.covers(now.known, whole.known)).toBe(true)
    expect(math.covers(whole.known, now.known)).toBe(false)
  })

  it('has keys of the practice keys that this device has, and of no other', async () => {
    const { keys } = await (await made()).open()
    const [writer, other] = ['A', 'E'].map((letter) => asId<DeviceKey>(letter.repeat(87)))
    if (!writer || !other) throw new Error('Two devices')
    const first = await keys.contentKey(null, writer)
    expect(first).not.toBeNull()
    expect(await keys.contentKey(asId<EpochId>('g'.repeat(22)), writer)).toBeNull()
    const tags = await Promise.all(['A', 'Q', 'A'].map((letter) => keys.memberTag(asId<MemberId>(letter.repeat(22)))))
    expect(tags[0]).toMatch(/^[\w-]{22}$/)
    expect(tags[2]).toBe(tags[0])
    expect(tags[1]).not.toBe(tags[0])
  })
})

describe.each(wholeBackends)('the space of a practice $name', ({ createDevice }) => {
  const devices: WholeDevice[] = []
  afterEach(async () => {
    await Promise.all(devices.splice(0).map((one) => one.close()))
  })
  const device = () => {
    const made = createDevice(() => noon)
    devices.push(made)
    return made
  }

  it('is the same on all its devices, with the same keys, and another one in another practice', async () => {
    const laptop = await device().open()
    await setUp(laptop)
    const phone = await invite(laptop, device(), { kind: 'own-device' })
    await meet(laptop, phone)
    const [here, there] = [await placeOf(laptop), await placeOf(phone, ({ roll }) => roll.devices.size === 2)]
    const { space, chainLog, root, foundingDevice } = here
    expect({ ...there }).toMatchObject({ space, chainLog, root, foundingDevice })
    expect(foundingDevice).toBe(here.device.publicKey)
    expect((await laptop.sync.changedSince(0)).documents).not.toContain(chainLog)
    expect(await laptop.log.keys.memberTag(here.member)).toBe(await phone.log.keys.memberTag(here.member))

    const log = { space, log: chainLog }
    const [mine, theirs] = [await laptop.log.keys.contentKey(null, foundingDevice), await phone.log.keys.contentKey(null, foundingDevice)]
    if (!mine || !theirs) throw new Error('No key')
    const header = { kind: 'update' as const, device: 'A'.repeat(22) as DeviceTag, number: 1, epoch: null, seen: new Map(), covers: null }
    const record = await sealRecord(log, header, mine, here.device, new Uint8Array([1, 2, 3]))
    if (!record) throw new Error('No record')
    expect(await openRecord(log, record, theirs)).toEqual(new Uint8Array([1, 2, 3]))

    const stranger = await device().open()
    await setUp(stranger)
    const elsewhere = await placeOf(stranger)
    expect(elsewhere.space).not.toBe(space)
    expect(elsewhere.chainLog).not.toBe(chainLog)
  })

  it('leaves nothing of the log on a device that was removed', async () => {
    const laptop = await device().open()
    await setUp(laptop)
    const phone = await invite(laptop, device(), { kind: 'own-device' })
    await meet(laptop, phone)
    await phone.log.book.write({ pages: [page(phone.sync.practiceDocument(), 1)], cover: { mark: 7 } })
    const key = asId<DeviceKey>((await placeOf(phone)).device.publicKey)
    accepted(await laptop.people.removeDevice(key))
    await phone.chain.take(await laptop.chain.entries())
    await eventually(phone.practice.watch, (state) => state === null)
    expect((await phone.log.book.read()).pages).toEqual([])
    await phone.log.book.write({ pages: [page(asId('E'.repeat(22)), 1)], cover: { mark: 7 } })
    expect(await phone.log.book.read()).toMatchObject({ cover: { mark: 0 }, pages: [] })
  })
})
