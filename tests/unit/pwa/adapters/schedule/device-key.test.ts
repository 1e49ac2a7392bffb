import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { declareDatabase } from '../../../../../pwa/src/adapters/schedule/database.ts'
import { loadDeviceKey } from '../../../../../pwa/src/adapters/schedule/device-key.ts'
import { randomId, utf8 } from '@alcove/shared/crypto/bytes'
import { open, seal } from '../../../../../pwa/src/adapters/schedule/at-rest.ts'
import { createProfile } from '../../../../support/store/open.ts'
import { accepted, eventually, setUp } from '../../../../support/store/examples.ts'

describe('the device key', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is the same at every start, and not extractable', async () => {
    const database = declareDatabase(`test-${randomId()}`)
    const first = accepted(await loadDeviceKey(database))
    const second = accepted(await loadDeviceKey(database))
    expect(first.durability).toBe('durable')
    expect(second.key.extractable).toBe(false)
    expect(await open(second.key, 'here', await seal(first.key, 'here', utf8('x')))).toEqual(utf8('x'))
    database.close()
  })

  it('is one key when two tabs start at the same moment', async () => {
    const name = `test-${randomId()}`
    const tabs = [declareDatabase(name), declareDatabase(name)]
    const [one, two] = await Promise.all(tabs.map(async (tab) => accepted(await loadDeviceKey(tab))))
    if (!one || !two) throw new Error('No keys')
    expect(await open(two.key, 'here', await seal(one.key, 'here', utf8('x')))).toEqual(utf8('x'))
    for (const tab of tabs) tab.close()
  })

  it('lasts for the session only where the browser refuses to store it, and says so', async () => {
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (value?.key instanceof CryptoKey) throw new DOMException('No keys here', 'DataCloneError')
      return key === undefined ? put.call(this, value) : put.call(this, value, key)
    })
    const profile = createProfile()
    const store = await profile.open()
    expect(await store.vault.durability()).toBe('session-only')
    // It works, as long as the page lives.
    const { me } = await setUp(store)
    expect((await store.vault.hostIdentity())?.roomId).toHaveLength(43)
    expect(me.name).toBe('Dr. Rivera')
    await profile.close()
    expect(await eventually((await profile.open()).practice.watch)).toBeNull()
    await profile.close()
  })

  it('lasts for the session only where the browser gives back nothing for the whole row', async () => {
    const get = IDBObjectStore.prototype.get
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, key) {
      return get.call(this, key === 'device' ? 'nothing' : key)
    })
    const profile = createProfile()
    expect(await (await profile.open()).vault.durability()).toBe('session-only')
    await profile.close()
  })

  it('is never replaced while a practice depends on it', async () => {
    const profile = createProfile()
    await setUp(await profile.open())
    await profile.close()
    const database = declareDatabase(profile.name)
    const row = await database.keys.get('device')
    await database.keys.delete('device')
    expect(await profile.openOrRefuse()).toEqual({ ok: false, error: 'unreadable' })
    expect(await database.keys.get('device')).toBeUndefined()
    if (row) await database.keys.put(row)
    expect((await eventually((await profile.open()).practice.watch))?.practice.name).toBe('Harbor Counseling')
    database.close()
    await profile.close()
  })
})
