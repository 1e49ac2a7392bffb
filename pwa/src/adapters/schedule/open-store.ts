import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { Journal, KeyVault, PatientRepository, PracticeRepository, ScheduleRepository } from '../../ports.ts'
import { type Database, declareDatabase, formatVersion } from './database.ts'
import { type DeviceKey, loadDeviceKey } from './device-key.ts'
import { createHome, type Damage, type Home } from './home.ts'
import { createJournal } from './journal.ts'
import { createKeyVault } from './key-vault.ts'
import { createPatientRepository } from './patient-repository.ts'
import { createPracticeRepository } from './practice-repository.ts'
import { createScheduleRepository } from './schedule-repository.ts'
import { removeLeftovers, sessionDatabaseName } from './session-only.ts'
import { createTabs, type Tabs } from './tabs.ts'

/** The practice as this device keeps it: documents, keys and the session's memory, all in one encrypted database. */
export type Store = {
  readonly practice: PracticeRepository
  readonly patients: PatientRepository
  readonly schedule: ScheduleRepository
  readonly vault: KeyVault
  readonly journal: Journal
  /** What on the disk could not be read so far. It is left out and left alone. */
  damage(): Damage
  /** Takes over what other tabs stored; call it when the page comes back from sleep. Never rejects. */
  catchUp(): Promise<void>
  openDocuments(): number
  close(): Promise<void>
}

/**
 * `unavailable`: the browser gives no storage. `unreadable`: a practice is stored, but its keys or its first document
 * cannot be read; nothing is overwritten. `newer`: another version of the app, newer than this one, has stored it.
 */
export type OpenError = 'unavailable' | 'unreadable' | 'newer'

export type StoreOptions = {
  /** Epoch ms, for certificates. */
  readonly now: () => number
  readonly name?: string
  readonly maxOpenDocuments?: number
  readonly compactAtRows?: number
}

export async function openStore(options: StoreOptions): Promise<Result<Store, OpenError>> {
  const name = options.name ?? 'alcove'
  let database = declareDatabase(name)
  try {
    await database.open()
    const format = await database.stamps.get('format')
    if (format && format.version > formatVersion) return close(database, 'newer')
    const deviceKey = await loadDeviceKey(database)
    if (!deviceKey.ok) return close(database, deviceKey.error)
    void removeLeftovers(name).catch(() => undefined)
    if (deviceKey.value.durability === 'session-only') {
      database.close()
      database = declareDatabase(sessionDatabaseName(name))
    }
    const tabs = createTabs(database.name)
    const home = createHome({
      database,
      deviceKey: deviceKey.value.key,
      tabs,
      maxOpen: options.maxOpenDocuments ?? 64,
      compactAtRows: options.compactAtRows ?? 200,
    })
    const opened = await home.open()
    if (opened.ok) return ok(assemble(database, deviceKey.value, home, tabs, options.now))
    await home.close()
    tabs.close()
    return close(database, opened.error)
  } catch {
    return close(database, 'unavailable')
  }
}

function assemble(database: Database, deviceKey: DeviceKey, home: Home, tabs: Tabs, now: () => number): Store {
  const { key } = deviceKey
  const persist = () => {
    if (typeof navigator !== 'undefined') void navigator.storage?.persist?.().catch(() => undefined)
  }
  return {
    practice: createPracticeRepository({ database, deviceKey: key, home, tabs, persist }),
    patients: createPatientRepository(home),
    schedule: createScheduleRepository(database, home),
    vault: createKeyVault(database, deviceKey, home, now),
    journal: createJournal(database, key),
    damage: () => home.damage(),
    async catchUp() {
      const practice = home.current()
      await (practice ? practice.documents.catchUp() : home.open()).catch(() => undefined)
    },
    openDocuments: () => home.current()?.documents.openCount() ?? 0,
    async close() {
      await home.close()
      tabs.close()
      database.close()
    },
  }
}

function close(database: Database, error: OpenError): Result<never, OpenError> {
  database.close()
  return err(error)
}
