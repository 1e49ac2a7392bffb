import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Clock, GuestIdentity, GuestKeys, KeyPair } from '../../ports.ts'

/** As long as a visit may last; whoever comes back later is somebody new. */
export const keepKeysMs = 12 * 60 * 60 * 1000

const databaseName = 'alcove-guest'
const storeName = 'keys'

type Kept = { readonly pair: KeyPair; readonly madeAt: number }

/**
 * Guest keys in IndexedDB, as handles that cannot be read out. Some browsers keep no such handles, or give back nothing
 *: then a key lives as long as the page, and a reload knocks anew.
 */
export function createGuestKeys(clock: Clock): GuestKeys {
  const inMemory = new Map<string, GuestIdentity>()

  async function openKept(link: string): Promise<GuestIdentity> {
    const database = await openDatabase().catch(() => null)
    try {
      const kept = database && (await read(database, link).catch(() => null))
      if (kept && clock.now() - kept.madeAt < keepKeysMs) return identityOf(kept.pair)
      const pair = await makePair()
      if (database) await replace(database, link, { pair, madeAt: clock.now() }).catch(() => undefined)
      return identityOf(pair)
    } finally {
      database?.close()
    }
  }

  return {
    async open(link) {
      const known = inMemory.get(link)
      if (known) return known
      const identity = await openKept(link)
      inMemory.set(link, identity)
      return identity
    },
  }
}

async function makePair(): Promise<KeyPair> {
  const secret = await generateSecret()
  const pair = await importKeyPair(secret)
  secret.fill(0)
  return pair
}

function identityOf(pair: KeyPair): GuestIdentity {
  return { guestKey: pair.publicKey as GuestKey, pair }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  return settled(request)
}

async function read(database: IDBDatabase, link: string): Promise<Kept | null> {
  const value: unknown = await settled(database.transaction(storeName).objectStore(storeName).get(link))
  return isKept(value) ? value : null
}

/** Also forgets the keys of other links whose time is over. */
async function replace(database: IDBDatabase, link: string, kept: Kept): Promise<void> {
  const store = database.transaction(storeName, 'readwrite').objectStore(storeName)
  const names = await settled(store.getAllKeys())
  for (const name of names) {
    const value: unknown = await settled(store.get(name))
    if (!isKept(value) || kept.madeAt - value.madeAt >= keepKeysMs) store.delete(name)
  }
  await settled(store.put(kept, link))
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null || !('pair' in value) || !('madeAt' in value)) return false
  const { pair, madeAt } = value
  if (typeof pair !== 'object' || pair === null || typeof madeAt !== 'number') return false
  return 'publicKey' in pair && typeof pair.publicKey === 'string' && 'signing' in pair && 'agreement' in pair
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
