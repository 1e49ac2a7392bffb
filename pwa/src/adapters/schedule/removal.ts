import * as v from '@alcove/shared/protocol/schema'
import type { Preferences } from '../../ports.ts'
import type { Removal } from '../../sync-ports.ts'

/** What is left on a device that was removed: where, and by whom. Beside the database, which is empty then. */
export type RemovalNote = {
  read(): Removal | null
  write(removal: Removal | null): void
}

const name = 'removed-from'
const removal = v.strictObject({ practice: v.string(), by: v.nullable(v.string()) })

export function createRemovalNote(preferences: Preferences): RemovalNote {
  return {
    read() {
      try {
        const read = v.safeParse(removal, JSON.parse(preferences.get(name) || 'null'))
        return read.success ? read.output : null
      } catch {
        return null
      }
    },
    write: (note) => preferences.set(name, note ? JSON.stringify(note) : ''),
  }
}

/** Where a page has no preferences of its own: as long as it lives. */
export function createPassingPreferences(): Preferences {
  const values = new Map<string, string>()
  return { get: (key) => values.get(key) ?? null, set: (key, value) => void values.set(key, value) }
}
