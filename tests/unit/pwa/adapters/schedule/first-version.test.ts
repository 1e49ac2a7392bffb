import 'fake-indexeddb/auto'
import { toBase64Url } from '@alcove/shared/crypto/bytes'
import type { Appointment } from '@alcove/shared/domain/appointment'
import { asId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compressPublicKey } from '@alcove/shared/crypto/identity'
import { formatVersion } from '../../../../../pwa/src/adapters/schedule/database.ts'
import { createMemoryDevice } from '../../../../support/fakes/memory-device.ts'
import { invite, meet, peopleOf, placeOf, stateOf } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft } from '../../../../support/store/examples.ts'
import { type FirstVersion, writeFirstVersion } from '../../../../support/store/first-version.ts'
import { always, inspect } from '../../../../support/store/inspect.ts'
import { createProfile, type Profile, type Store } from '../../../../support/store/open.ts'

describe('a practice that the first version made', () => {
  let profile: Profile
  let old: FirstVersion
  beforeEach(async () => {
    profile = createProfile()
    old = await writeFirstVersion(profile.name)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await profile.close()
  })

  const appointments = (store: Store, count: number) =>
    eventually<readonly Appointment[]>(
      (listener) => store.schedule.watchRange(...always, listener),
      (found) => found.length === count,
    )

  it('opens and goes on: people, patients, appointments, all as they were', async () => {
    const store = await profile.open()
    const state = await stateOf(store)
    expect(state.practice).toMatchObject({ name: 'Harbor Counseling', contactPhone: '+1 555 0100', telehealth: 'premium' })
    expect(state.me).toEqual({
      id: old.me,
      name: 'Dr. Rivera',
      roles: ['administrator', 'clinician'],
      roomKey: old.roomKey,
      standingLinkGeneration: 2,
    })
    expect(state.members.map(({ name, roomKey }) => ({ name, roomKey }))).toEqual([
      { name: 'Dr. Rivera', roomKey: old.roomKey },
      { name: 'Dr. Chen', roomKey: null },
    ])
    const [saved] = await appointments(store, 1)
    expect(saved).toMatchObject({ id: old.appointment, patientId: old.patient, status: 'booked' })
    expect(await eventually(store.patients.watch)).toMatchObject([{ id: old.patient, firstName: 'Sam', linkGenerations: { [old.me]: 1 } }])
    accepted(await store.schedule.save(null, exampleDraft(state.me.id, asId(old.patient))))
    accepted(await store.practice.changeTelehealth('basic'))
    await profile.close()
    const again = await profile.open()
    await appointments(again, 2)
    expect((await stateOf(again)).practice.telehealth).toBe('basic')
    expect(again.damage()).toEqual({ rows: 0, entities: 0 })
  })

  it('founds its chain by itself, once, with this device as its first; nothing in it is a claim', async () => {
    const first = await profile.open()
    const entries = await first.chain.entries()
    expect(entries).toHaveLength(1)
    expect(await peopleOf(first)).toMatchObject({ devices: [{ member: old.me, isThis: true }], reports: [], roomSince: null })
    await profile.close()
    expect(await inspect(profile, (database) => database.stamps.get('format'))).toEqual({ name: 'format', version: formatVersion })
    const again = await profile.open()
    expect(await again.chain.entries()).toEqual(entries)
    expect((await placeOf(again)).roll.heads).toHaveLength(1)
  })

  it('keeps room and link key, so that links go on working', async () => {
    const store = await profile.open()
    const identity = await store.vault.hostIdentity()
    const room = Uint8Array.from(Buffer.from(identity?.room.publicKey ?? '', 'base64url'))
    expect(toBase64Url(compressPublicKey(room))).toBe(old.roomKey)
    expect(toBase64Url((await store.vault.linkKey(asId(old.me))) ?? new Uint8Array())).toBe(old.linkKey)
  })

  it('is founded once when two tabs open it at the same moment', async () => {
    const tabs = await Promise.all([profile.open(), profile.open(), profile.open()])
    const chains = await Promise.all(tabs.map((tab) => tab.chain.entries()))
    expect(chains[0]).toHaveLength(1)
    expect(chains[1]).toEqual(chains[0])
    expect(chains[2]).toEqual(chains[0])
  })

  it('gives a device of its own to a founder who is no clinician and had none', async () => {
    const desk = createProfile()
    await writeFirstVersion(desk.name, ['administrator', 'scheduler'])
    const store = await desk.open()
    expect((await stateOf(store)).me).toMatchObject({ roomKey: null, roles: ['administrator', 'scheduler'] })
    const { key } = (await peopleOf(store)).devices[0] ?? {}
    await desk.close()
    expect((await peopleOf(await desk.open())).devices).toMatchObject([{ key, isThis: true }])
    await desk.close()
  })

  it('lets other devices in, which seal what they store under a key of their own', async () => {
    const store = await profile.open()
    const phone = createMemoryDevice()
    const joined = await invite(store, phone, { kind: 'own-device' })
    await meet(store, joined)
    await appointments(joined, 1)
    expect((await stateOf(joined)).me).toEqual((await stateOf(store)).me)
    const names = phone.disk.rows('keys').map((row) => (row as { name: string }).name)
    expect(names).toContain('disk')
    expect(await inspect(profile, (database) => database.keys.get('disk'))).toBeUndefined()
    await phone.close()
  })

  it('is founded at the next start when the disk was full at this one', async () => {
    const adds = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('No space', 'QuotaExceededError')
    })
    expect(await profile.openOrRefuse()).toEqual({ ok: false, error: 'unavailable' })
    adds.mockRestore()
    const store = await profile.open()
    expect(await store.chain.entries()).toHaveLength(1)
    await appointments(store, 1)
  })
})
