import type { Appointment } from '@alcove/shared/domain/appointment'
import { draftOf } from '@alcove/shared/domain/appointment'
import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Store } from '../../../../../pwa/src/adapters/schedule/open-store.ts'
import type { DocumentChange } from '../../../../../pwa/src/sync-ports.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, meet, placeOf, stateOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft, exampleStartAt, setUp } from '../../../../support/store/examples.ts'
import { always } from '../../../../support/store/inspect.ts'

const dayMs = 24 * 60 * 60 * 1000

describe.each(wholeBackends)('documents for other devices $name', ({ createDevice }) => {
  const { device } = useDevices(() => createDevice(() => noon))

  const shown = (store: Store, fits: (found: readonly Appointment[]) => boolean) =>
    eventually<readonly Appointment[]>((listener) => store.schedule.watchRange(...always, listener), fits)

  /** Two devices of one person, with one appointment that both have. */
  async function pair() {
    const there = device()
    const laptop = await there.open()
    const { me, patientId } = await setUp(laptop)
    const saved = accepted(await laptop.schedule.save(null, exampleDraft(me.id, patientId)))
    const phone = await invite(laptop, device(), { kind: 'own-device' }, 'A phone')
    await meet(laptop, phone)
    await shown(phone, (found) => found.length === 1)
    return { there, laptop, phone, me, patientId, saved }
  }

  it('has no place without a practice', async () => {
    const store = await device().open()
    expect(await eventually(store.sync.watchPlace)).toBeNull()
    expect(await store.sync.peers()).toEqual([])
    expect(await eventually(store.sync.watchUnsynced)).toBe(0)
    expect(await store.sync.apply(asId('A'.repeat(22)), new Uint8Array())).toEqual({ ok: false, error: 'not-allowed' })
    await expect(async () => store.sync.practiceDocument()).rejects.toThrow()
  })

  it('gives two devices of a practice the same place to meet, and names documents alike', async () => {
    const { laptop, phone } = await pair()
    const [one, two] = [await placeOf(laptop), await placeOf(phone)]
    expect(one.topic).toMatch(/^[\w-]{43}$/)
    expect(one.password).toMatch(/^[\w-]{43}$/)
    expect(two).toMatchObject({
      topic: one.topic,
      password: one.password,
      handoverTopic: one.handoverTopic,
      epoch: null,
      member: one.member,
    })
    expect(two.device.publicKey).not.toBe(one.device.publicKey)
    expect(laptop.sync.practiceDocument()).toBe(phone.sync.practiceDocument())
    const ids = async (store: Store) => [...(await store.sync.changedSince(0)).documents].sort()
    expect(await ids(laptop)).toEqual(await ids(phone))
  })

  it('shows what another device saved, in calendar and patients, and finds it after a restart', async () => {
    const { there, laptop, phone, saved, patientId } = await pair()
    const base = draftOf(saved)
    const moved = { ...base, start: { ...base.start, date: '2027-02-03' } }
    accepted(await phone.schedule.save(saved.id, moved, base))
    accepted(await phone.patients.save(patientId, { firstName: 'Samuel', lastName: 'Okafor' }))
    accepted(await laptop.schedule.save(saved.id, { ...base, status: 'arrived' }, base))
    await meet(laptop, phone)
    const both = (found: readonly Appointment[]) => found[0]?.status === 'arrived' && found[0].start.date === '2027-02-03'
    const [onLaptop, onPhone] = [await shown(laptop, both), await shown(phone, both)]
    expect(onLaptop).toEqual(onPhone)
    const inFebruary = await eventually<readonly Appointment[]>((listener) =>
      laptop.schedule.watchRange(Date.UTC(2027, 1, 1), Date.UTC(2027, 2, 1), listener),
    )
    expect(inFebruary).toEqual(onPhone)
    expect(await laptop.schedule.ofPatient(patientId, saved.clinicianId, exampleStartAt - dayMs, exampleStartAt + dayMs)).toEqual([])
    await there.close()
    const again = await there.open()
    expect(await shown(again, both)).toEqual(onPhone)
    expect((await eventually(again.patients.watch))[0]?.firstName).toBe('Samuel')
  })

  it('stores nothing for what it has already, in any order and any number of times', async () => {
    const { laptop, phone } = await pair()
    const { documents } = await phone.sync.changedSince(0)
    const { mark } = await laptop.sync.changedSince(0)
    for (const document of [...documents, ...documents]) {
      accepted(await laptop.sync.apply(document, await phone.sync.updateFor(document, null)))
    }
    expect(await laptop.sync.changedSince(mark)).toEqual({ documents: [], mark })
  })

  it('keeps an update whose predecessor is missing, and shows it once that has come', async () => {
    const { there, laptop, phone, saved } = await pair()
    const updates: DocumentChange[] = []
    phone.sync.watchUpdates((change) => updates.push(change))
    const base = draftOf(saved)
    accepted(await phone.schedule.save(saved.id, { ...base, durationMinutes: 51 }, base))
    accepted(await phone.schedule.save(saved.id, { ...base, durationMinutes: 52 }, base))
    const [first, second] = updates
    if (!first || !second) throw new Error('Two updates')
    accepted(await laptop.sync.apply(second.document, second.update))
    expect((await shown(laptop, (found) => found.length === 1))[0]?.durationMinutes).toBe(50)
    await there.close()
    const again = await there.open()
    accepted(await again.sync.apply(first.document, first.update))
    await shown(again, ([found]) => found?.durationMinutes === 52)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['noise', Uint8Array.from({ length: 200 }, (_, i) => (i * 73 + 41) % 256)],
    ['half an update', Y.encodeStateAsUpdateV2(new Y.Doc()).slice(0, 3)],
  ])('says that %s is broken, and stores none of it', async (_what, update) => {
    const { laptop, saved } = await pair()
    const { documents, mark } = await laptop.sync.changedSince(0)
    for (const document of documents) {
      expect(await laptop.sync.apply(document, new Uint8Array(update))).toEqual({ ok: false, error: 'broken' })
    }
    expect(await laptop.sync.changedSince(mark)).toEqual({ documents: [], mark })
    expect(await shown(laptop, (found) => found.length === 1)).toEqual([saved])
  })

  it('tells every update once, from whatever tab, and where it came from', async () => {
    const { there, laptop, phone, saved } = await pair()
    const tab = await there.open()
    const heard: string[] = []
    const listen = (name: string, store: Store) =>
      store.sync.watchUpdates(({ document, from }) =>
        heard.push(`${name} ${from} ${document === store.sync.practiceDocument() ? 'practice' : 'month'}`),
      )
    const stops = [listen('laptop', laptop), listen('tab', tab)]
    const base = draftOf(saved)
    accepted(await laptop.schedule.save(saved.id, { ...base, durationMinutes: 30 }, base))
    await tab.catchUp()
    expect(heard.splice(0).sort()).toEqual(['laptop here month', 'tab here month'])
    accepted(await phone.practice.changeTelehealth('premium'))
    const document = phone.sync.practiceDocument()
    accepted(await laptop.sync.apply(document, await phone.sync.updateFor(document, await laptop.sync.vector(document))))
    await tab.catchUp()
    expect(heard.splice(0).sort()).toEqual(['laptop sync practice', 'tab here practice'])
    await Promise.all([laptop.catchUp(), tab.catchUp()])
    for (const stop of stops) stop()
    accepted(await tab.schedule.save(saved.id, { ...base, durationMinutes: 20 }, base))
    await laptop.catchUp()
    expect(heard).toEqual([])
  })

  it('names the documents that changed since a mark, also after they were compacted', async () => {
    const { laptop, me, patientId } = await pair()
    const { mark } = await laptop.sync.changedSince(0)
    accepted(await laptop.schedule.save(null, exampleDraft(me.id, patientId)))
    const since = await laptop.sync.changedSince(mark)
    expect(since.documents).toHaveLength(1)
    expect(since.mark).toBeGreaterThan(mark)
    expect(await laptop.sync.changedSince(since.mark)).toEqual({ documents: [], mark: since.mark })
    expect((await laptop.sync.changedSince(0)).documents.length).toBeGreaterThan(1)
  })

  it('gives only what is lacking', async () => {
    const { laptop, phone, me, patientId } = await pair()
    const { mark } = await laptop.sync.changedSince(0)
    for (let i = 0; i < 20; i++) accepted(await laptop.schedule.save(null, exampleDraft(me.id, patientId)))
    const [document] = (await laptop.sync.changedSince(mark)).documents
    if (!document) throw new Error('No document')
    const whole = await laptop.sync.updateFor(document, null)
    accepted(await phone.sync.apply(document, await laptop.sync.updateFor(document, await phone.sync.vector(document))))
    await shown(phone, (found) => found.length === 21)
    const rest = await laptop.sync.updateFor(document, await phone.sync.vector(document))
    expect(rest.length).toBeLessThan(20)
    expect(whole.length).toBeGreaterThan(1000)
    // A vector that is none: everything, rather than nothing.
    expect(await laptop.sync.updateFor(document, new Uint8Array([255, 255, 255]))).toEqual(whole)
  })

  it('names the documents that are on a screen, as long as they are', async () => {
    const { there, me, patientId } = await pair()
    await there.close()
    const store = await there.open()
    expect(store.sync.openDocuments()).toEqual([])
    const months = ['2026-11-23', '2026-12-01']
    for (const date of months) {
      accepted(await store.schedule.save(null, { ...exampleDraft(me.id, patientId), start: { date, time: '10:00', zone: 'UTC' } }))
    }
    let stop = () => {}
    await eventually<readonly Appointment[]>(
      (listener) => {
        stop = store.schedule.watchRange(Date.UTC(2026, 11, 1), Date.UTC(2026, 11, 2), listener)
        return () => undefined
      },
      (found) => found.length === 1,
    )
    expect(store.sync.openDocuments()).toHaveLength(1)
    stop()
    expect(store.sync.openDocuments()).toEqual([])
  })

  it('counts the changes that no other device has, over restarts, until one confirms them', async () => {
    const { there, laptop, phone, me, patientId, saved } = await pair()
    for (const { store, peer } of [{ store: laptop, peer: phone }]) {
      for (const document of (await store.sync.changedSince(0)).documents)
        await store.sync.confirm(document, await peer.sync.vector(document))
    }
    expect(await eventually(laptop.sync.watchUnsynced, (count) => count === 0)).toBe(0)
    const base = draftOf(saved)
    accepted(await laptop.schedule.save(saved.id, { ...base, durationMinutes: 30 }, base))
    accepted(await laptop.schedule.save(saved.id, { ...base, durationMinutes: 40 }, base))
    accepted(await laptop.patients.save(null, { firstName: 'Ana', lastName: 'Adams' }))
    const tab = await there.open()
    expect(await eventually(tab.sync.watchUnsynced, (count) => count === 3)).toBe(3)
    await there.close()
    const again = await there.open()
    const counts: number[] = []
    again.sync.watchUnsynced((count) => counts.push(count))
    expect(await eventually(again.sync.watchUnsynced)).toBe(3)
    accepted(await again.schedule.save(null, exampleDraft(me.id, patientId)))
    await eventually(again.sync.watchUnsynced, (count) => count === 4)

    // What was said before another change came confirms nothing of it.
    for (const document of (await again.sync.changedSince(0)).documents)
      await again.sync.confirm(document, await phone.sync.vector(document))
    expect(await eventually(again.sync.watchUnsynced)).toBe(4)
    await meet(again, phone)
    // Another device's changes are none of this one's.
    expect(await eventually(again.sync.watchUnsynced)).toBe(4)
    for (const document of (await again.sync.changedSince(0)).documents)
      await again.sync.confirm(document, await phone.sync.vector(document))
    await eventually(again.sync.watchUnsynced, (count) => count === 0)
    expect(counts.at(-1)).toBe(0)
    await again.sync.confirm(again.sync.practiceDocument(), new Uint8Array([255]))
  })

  it('remembers other devices over a restart', async () => {
    const { there, laptop, phone } = await pair()
    const key = asId<DeviceKey>((await placeOf(phone)).device.publicKey)
    await laptop.sync.notePeer(key, { heardAt: 5 })
    await laptop.sync.notePeer(key, { mark: 7 })
    expect(await laptop.sync.peers()).toEqual([{ device: key, mark: 7, heardAt: 5 }])
    await laptop.sync.notePeer(key, { heardAt: 9 })
    await there.close()
    expect(await (await there.open()).sync.peers()).toEqual([{ device: key, mark: 7, heardAt: 9 }])
  })

  it('takes nothing of tier, roles and rooms from the document, and says so', async () => {
    const { there, laptop, me } = await pair()
    const before = await stateOf(laptop)
    const document = laptop.sync.practiceDocument()
    const forged = new Y.Doc()
    Y.applyUpdateV2(forged, await laptop.sync.updateFor(document, null))
    const vector = Y.encodeStateVector(forged)
    forged.getMap('practice').set('telehealth', 'premium')
    const member = forged.getMap('members').get(me.id)
    if (!(member instanceof Y.Map)) throw new Error('No member')
    member.set('roles', ['scheduler'])
    member.set('roomKey', 'A'.repeat(44))
    forged
      .getMap('members')
      .set('B'.repeat(22), new Y.Map(Object.entries({ name: 'Mallory', roles: ['administrator'], standingLinkGeneration: 0 })))
    const chain = forged.getMap('chain')
    for (const [hash, entry] of chain.entries()) if (entry instanceof Y.Map) chain.delete(hash)
    chain.set('C'.repeat(43), new Y.Map([['signed', 'bm9uc2Vuc2U.AAAA']]))
    accepted(await laptop.sync.apply(document, new Uint8Array(Y.encodeStateAsUpdateV2(forged, vector))))
    const people = await eventually(laptop.people.watch, (now) => now?.reports.length === 4)
    expect(people?.reports).toEqual(['telehealth', 'roles', 'room', 'entry'].map((what) => ({ kind: 'unsigned', what })))
    expect(await stateOf(laptop)).toEqual(before)
    expect((await laptop.chain.entries()).length).toBeGreaterThan(1)

    // The entries that were taken out are back, here and for everybody else.
    const back = async () => {
      const now = new Y.Doc()
      Y.applyUpdateV2(now, await laptop.sync.updateFor(document, null))
      return now.getMap('chain').size
    }
    const entries = (await laptop.chain.entries()).length
    await eventually(
      (told: (size: number) => void) => {
        const timer = setInterval(() => void back().then(told), 10)
        return () => clearInterval(timer)
      },
      (size) => size === entries + 1,
    )
    await there.close()
    expect(await stateOf(await there.open())).toEqual(before)
  })
})
