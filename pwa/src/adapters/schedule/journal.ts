import { fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import type { Journal } from '../../ports.ts'
import { open, seal } from './at-rest.ts'
import { type Database, write } from './database.ts'
import type { DeviceKey } from './device-key.ts'

/**
 * This device's own memory, sealed under the device key. What cannot be read reads as null. `isErased`: this device was
 * removed from its practice; what still runs here leaves nothing behind.
 */
export function createJournal(database: Database, deviceKey: DeviceKey, isErased: () => boolean): Journal {
  /** Sealing takes its time; a later value must not be overtaken by an earlier one. */
  let writing: Promise<unknown> = Promise.resolve()

  return {
    async read(name) {
      await writing.catch(() => undefined)
      const row = await database.journal.get(name)
      const plain = row && (await open(deviceKey.key, placeOf(name), row.sealed))
      const text = plain && fromUtf8(plain)
      return text ? JSON.parse(text) : null
    },
    write(name, value) {
      const text = JSON.stringify(value ?? null)
      const written = writing
        .catch(() => undefined)
        .then(async () => {
          if (isErased()) return
          const sealed = await seal(deviceKey.key, placeOf(name), utf8(text))
          await write(database, [database.journal], () => database.journal.put({ name, sealed }))
        })
      writing = written
      return written
    },
  }
}

function placeOf(name: string): string {
  return `alcove/journal/1\n${name}`
}
