import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import { practiceKeysOf } from '../../../pwa/src/adapters/schedule/at-rest.ts'
import { type Database, declareDatabase } from '../../../pwa/src/adapters/schedule/database.ts'
import { loadDeviceKey } from '../../../pwa/src/adapters/schedule/device-key.ts'
import { unwrap } from '../../../pwa/src/adapters/schedule/host-keys.ts'
import type { Profile } from './open.ts'
import { accepted } from './examples.ts'

/** Opens a profile's database beside its tabs, for looking at what is stored and for doing harm to it. */
export async function inspect<T>(profile: Profile, look: (database: Database) => PromiseLike<T>): Promise<T> {
  const database = declareDatabase(profile.name)
  try {
    return await look(database)
  } finally {
    database.close()
  }
}

export async function practiceKeysIn(database: Database) {
  const deviceKey = accepted(await loadDeviceKey(database))
  const secret = await unwrap(database, deviceKey.key, 'practice')
  if (!secret) throw new Error('The practice key cannot be read')
  return practiceKeysOf(secret, await unwrap(database, deviceKey.key, 'disk'))
}

/** All appointments that a store shows, however far away. */
export const always = [0, Number.MAX_SAFE_INTEGER] as const

/** The same draft on the nth day after the first of January 2026. */
export function onDay(draft: AppointmentDraft, day: number, time = '10:00'): AppointmentDraft {
  const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
  return { ...draft, start: { ...draft.start, date, time } }
}
