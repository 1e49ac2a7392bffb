// Before Dexie, which looks for IndexedDB once, when it is loaded.
import 'fake-indexeddb/auto'
import type { Store } from '../../../pwa/src/adapters/schedule/open-store.ts'
import { createFakeMemory } from '../fakes/fake-memory.ts'
import { createFakeStore, type PracticePorts } from '../fakes/fake-store.ts'
import { createMemoryDevice } from '../fakes/memory-device.ts'
import { createProfile } from './open.ts'

/** A device: stores opened on it share what is stored, as the tabs of a browser do. */
export type Device = {
  open(): Promise<PracticePorts>
  /** Closes every tab; `open` then starts anew from what is stored. */
  close(): Promise<void>
}

/** The contract suites run on the real adapter and on the fakes that other tests stand on. */
export const backends: readonly { readonly name: string; readonly createDevice: (now?: () => number) => Device }[] = [
  {
    name: 'on IndexedDB',
    createDevice: (now) => createProfile(now ? { now } : {}),
  },
  {
    name: 'on a disk in memory',
    createDevice: (now) => createMemoryDevice(now ? { now } : {}),
  },
  {
    name: 'in memory',
    createDevice(now) {
      const memory = createFakeMemory()
      return { open: async () => createFakeStore({ memory, ...(now ? { now } : {}) }), close: async () => undefined }
    },
  },
]

/** A device with everything that sync, people and invitations need. */
export type WholeDevice = {
  open(): Promise<Store>
  close(): Promise<void>
}

export const wholeBackends: readonly { readonly name: string; readonly createDevice: (now?: () => number) => WholeDevice }[] = [
  { name: 'on IndexedDB', createDevice: (now) => createProfile(now ? { now } : {}) },
  { name: 'on a disk in memory', createDevice: (now) => createMemoryDevice(now ? { now } : {}) },
]
