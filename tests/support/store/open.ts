import 'fake-indexeddb/auto'
import { randomId } from '@alcove/shared/crypto/bytes'
import { type OpenError, openStore, type Store, type StoreOptions } from '../../../pwa/src/adapters/schedule/open-store.ts'
import type { Preferences } from '../../../pwa/src/ports.ts'
import { noon } from '../crypto-people.ts'
import { accepted } from './examples.ts'

/** A browser profile with stores (tabs) of the real adapter on fake-indexeddb. */
export function createProfile(settings: Partial<StoreOptions> = {}) {
  const name = `test-${randomId()}`
  const tabs: Store[] = []
  const values = new Map<string, string>()
  const preferences: Preferences = { get: (key) => values.get(key) ?? null, set: (key, value) => void values.set(key, value) }
  const openOrRefuse = async (more: Partial<StoreOptions> = {}) => {
    const opened = await openStore({ now: () => noon, name, preferences, ...settings, ...more })
    if (opened.ok) tabs.push(opened.value)
    return opened
  }
  return {
    name,
    openOrRefuse,
    async open(more: Partial<StoreOptions> = {}): Promise<Store> {
      return accepted(await openOrRefuse(more))
    },
    /** As closing all tabs does. */
    async close(): Promise<void> {
      await Promise.all(tabs.splice(0).map((tab) => tab.close()))
    },
  }
}
export type Profile = ReturnType<typeof createProfile>
export type { OpenError, Store }
