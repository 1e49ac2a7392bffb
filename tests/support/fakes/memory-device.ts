import { loadDeviceKey } from '../../../pwa/src/adapters/schedule/device-key.ts'
import { openOn, type Store, type StoreOptions } from '../../../pwa/src/adapters/schedule/open-store.ts'
import type { Preferences } from '../../../pwa/src/ports.ts'
import { createMemoryDisk, type MemoryDisk, type MemoryDiskOptions } from './memory-disk.ts'

/**
 * A device of a practice: the real store (repositories, people, sync, chain, pairing) on a disk in memory. `open` again for
 * another tab. After `crash` everything opened before is dead, and what was not durable is gone.
 */
export type MemoryDevice = {
  readonly disk: MemoryDisk
  readonly preferences: Preferences
  open(): Promise<Store>
  crash(): void
  /** Closes all tabs in good order. */
  close(): Promise<void>
}

export type MemoryDeviceOptions = Partial<StoreOptions> & MemoryDiskOptions

export function createMemoryDevice(options: MemoryDeviceOptions = {}): MemoryDevice {
  const disk = createMemoryDisk(options)
  const values = new Map<string, string>()
  const preferences: Preferences = options.preferences ?? {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => void values.set(name, value),
  }
  const tabs: Store[] = []
  return {
    disk,
    preferences,
    async open() {
      const { database, tabs: channel } = disk.connect()
      const deviceKey = await loadDeviceKey(database)
      if (!deviceKey.ok) throw new Error('The device key cannot be read')
      const opened = await openOn({ now: () => 0, ...options, preferences, database, deviceKey: deviceKey.value, tabs: channel })
      if (!opened.ok) throw new Error(`The store does not open: ${opened.error}`)
      tabs.push(opened.value)
      return opened.value
    },
    crash() {
      disk.crash()
      tabs.length = 0
    },
    async close() {
      await Promise.all(tabs.splice(0).map((tab) => tab.close()))
    },
  }
}
