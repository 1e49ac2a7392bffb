import 'fake-indexeddb/auto'
import { randomId } from '@alcove/shared/crypto/bytes'
import { maxOwnImages } from '@alcove/shared/domain/background'
import { describe, expect, it } from 'vitest'
import type { ImageStore, KeptImage } from '../../../../../pwa/src/background-ports.ts'
import type { Database } from '../../../../../pwa/src/adapters/schedule/database.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, keyOf, meet, stateOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted, eventually, setUp } from '../../../../support/store/examples.ts'
import { inspect } from '../../../../support/store/inspect.ts'
import { createProfile } from '../../../../support/store/open.ts'

/** Bytes stand for pictures: what is in them is nobody's business here. */
const pictured = (text: string): KeptImage => ({ id: randomId(), image: new Blob([text]), thumbnail: new Blob([`small ${text}`]) })
const read = async (blob: Blob | null) => blob?.text() ?? null
const listed = async (images: ImageStore) => Promise.all((await images.list()).map(({ thumbnail }) => thumbnail.text()))

describe.each(wholeBackends)('images of one’s own $name', ({ createDevice }) => {
  const { device, founder } = useDevices(createDevice)

  it('are listed oldest first, given out by id, and removed one by one', async () => {
    const { images } = await founder()
    const [first, second] = [pictured('harbor'), pictured('garden')]
    for (const image of [first, second]) accepted(await images.add(image))
    expect(await listed(images)).toEqual(['small harbor', 'small garden'])
    expect(await read(await images.image(second.id))).toBe('garden')
    expect(await images.image(randomId())).toBeNull()
    await images.remove(first.id)
    await images.remove(first.id)
    expect(await listed(images)).toEqual(['small garden'])
    expect(await images.count()).toBe(1)
  })

  it('are there when the app is opened again, and are at most twenty', async () => {
    const here = device()
    const store = await here.open()
    await setUp(store)
    for (let number = 1; number <= maxOwnImages; number++) accepted(await store.images.add(pictured(`number ${number}`)))
    expect(await store.images.add(pictured('one more'))).toEqual({ ok: false, error: 'too-many' })
    await here.close()
    expect(await listed((await here.open()).images)).toHaveLength(maxOwnImages)
  })

  it('go with the practice when this device is removed, and none is kept afterwards', async () => {
    const boss = await founder()
    const laptop = await invite(boss, device(), { kind: 'own-device' })
    accepted(await laptop.images.add(pictured('harbor')))
    await meet(boss, laptop)
    accepted(await boss.people.removeDevice(await keyOf(laptop)))
    await meet(boss, laptop)
    await eventually(laptop.practice.watch, (state) => state === null)
    expect(await laptop.images.list()).toEqual([])
    expect(await laptop.images.add(pictured('garden'))).toEqual({ ok: false, error: 'not-kept' })
    expect((await stateOf(boss)).practice.name).toBe('Harbor Counseling')
  })
})

describe('on the disk', () => {
  it('they are sealed, each in its place; a damaged one is left out', async () => {
    const profile = createProfile()
    const store = await profile.open()
    await setUp(store)
    const [first, second] = [pictured('harbor'), pictured('garden')]
    for (const image of [first, second]) accepted(await store.images.add(image))
    const rows = await inspect(profile, (database) => database.backgrounds.toArray())
    expect(JSON.stringify(rows.map(({ image, thumbnail }) => [fromLatin1(image), fromLatin1(thumbnail)]))).not.toMatch(/harbor|garden/)
    // One takes the other's picture.
    await inspect(profile, async (database) => {
      const [one, other] = await database.backgrounds.toArray()
      if (one && other) await database.backgrounds.put({ ...one, image: other.image, thumbnail: other.thumbnail })
    })
    expect(await listed(store.images)).toEqual(['small garden'])
    expect(await store.images.image(first.id)).toBeNull()
    await profile.close()
  })

  it('those that an older version left behind when it erased a practice go when the next is set up, and count no more', async () => {
    const profile = createProfile()
    const leftover = { id: randomId(), image: new Uint8Array(40), thumbnail: new Uint8Array(40) }
    await (await profile.open()).close()
    await inspect(profile, (database) => database.backgrounds.bulkAdd(Array.from({ length: maxOwnImages }, () => leftover)))
    const store = await profile.open()
    expect(await store.images.count()).toBe(maxOwnImages)
    await setUp(store)
    expect(await store.images.count()).toBe(0)
    accepted(await store.images.add(pictured('harbor')))
    expect(await listed(store.images)).toEqual(['small harbor'])
    await profile.close()
  })

  it('a database of the version before gets a place for them, and keeps all it has', async () => {
    const profile = createProfile()
    await setUp(await profile.open())
    await profile.close()
    await inspect(profile, downgrade)
    expect((await rawTables(profile.name)).has('backgrounds')).toBe(false)
    const store = await profile.open()
    expect((await stateOf(store)).practice.name).toBe('Harbor Counseling')
    accepted(await store.images.add(pictured('harbor')))
    expect(await listed(store.images)).toEqual(['small harbor'])
    expect(store.damage()).toEqual({ rows: 0, entities: 0 })
    await profile.close()
  })
})

const fromLatin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** Puts everything into a database as version 3 made it. Dexie counts in tens. */
async function downgrade(database: Database): Promise<void> {
  await database.open()
  const old = database.tables.filter(({ name }) => name !== 'backgrounds')
  const rows = await Promise.all(old.map(async (table) => [table, await table.toArray()] as const))
  const { name } = database
  database.close()
  await done(indexedDB.deleteDatabase(name))
  const request = indexedDB.open(name, 30)
  request.onupgradeneeded = () => {
    for (const { schema } of old) {
      const { keyPath, auto } = schema.primKey
      const made = request.result.createObjectStore(schema.name, { keyPath: keyPath as string, autoIncrement: auto === true })
      for (const index of schema.indexes) made.createIndex(index.name, index.keyPath as string)
    }
  }
  const made = await done(request)
  const transaction = made.transaction([...made.objectStoreNames], 'readwrite')
  for (const [table, list] of rows) for (const row of list) transaction.objectStore(table.name).add(row)
  await new Promise((resolve) => {
    transaction.oncomplete = resolve
  })
  made.close()
}

async function rawTables(name: string): Promise<ReadonlySet<string>> {
  const database = await done(indexedDB.open(name))
  const names = new Set(database.objectStoreNames)
  database.close()
  return names
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
