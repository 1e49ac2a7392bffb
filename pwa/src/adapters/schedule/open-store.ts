import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { ImageStore } from '../../background-ports.ts'
import type { LogKeeping } from '../../log-ports.ts'
import type { Journal, KeyVault, PatientRepository, PracticeRepository, Preferences, ScheduleRepository } from '../../ports.ts'
import type { KitStore, RestoreStore } from '../../recovery-ports.ts'
import type { ChainStore, PairingStore, PeopleRepository, SyncStore } from '../../sync-ports.ts'
import { createChainStore } from './chain-store.ts'
import { type Database, declareDatabase, formatVersion } from './database.ts'
import { type DeviceKey, loadDeviceKey } from './device-key.ts'
import { createHome, type Damage } from './home.ts'
import { createImageStore } from './image-store.ts'
import { createJournal } from './journal.ts'
import { createKeyVault } from './key-vault.ts'
import { createKitStore } from './kit-store.ts'
import { createLogBook } from './log-book.ts'
import { createLogDocuments } from './log-documents.ts'
import { createLogKeys } from './log-keys.ts'
import { createPairingStore } from './pairing-store.ts'
import { createPatientRepository } from './patient-repository.ts'
import { createPeopleRepository } from './people-repository.ts'
import { createPracticeRepository } from './practice-repository.ts'
import { createPassingPreferences, createRemovalNote } from './removal.ts'
import { createRestoreStore } from './restore-store.ts'
import { createScheduleRepository } from './schedule-repository.ts'
import { removeLeftovers, sessionDatabaseName } from './session-only.ts'
import { createSyncStore } from './sync-store.ts'
import { createTabs, type Tabs } from './tabs.ts'
import { updateMath } from './update-math.ts'

/** The practice as this device keeps it: documents, keys and the session's memory, all in one encrypted database. */
export type Store = {
  readonly practice: PracticeRepository
  readonly patients: PatientRepository
  readonly schedule: ScheduleRepository
  readonly vault: KeyVault
  readonly journal: Journal
  readonly people: PeopleRepository
  readonly sync: SyncStore
  readonly chain: ChainStore
  readonly pairing: PairingStore
  readonly kits: KitStore
  readonly restore: RestoreStore
  /** Images of one's own for backgrounds. */
  readonly images: ImageStore
  /** For the sealed log on the server. */
  readonly log: LogKeeping
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
  /** Epoch ms, for certificates and signed entries. */
  readonly now: () => number
  /** What this device calls itself: "Firefox on Linux". */
  readonly label?: string
  /** Where the page remembers that this device was removed; without, it is forgotten with the page. */
  readonly preferences?: Preferences
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
    const opened = await openOn({ ...options, database, deviceKey: deviceKey.value, tabs: createTabs(database.name) })
    return opened.ok ? opened : close(database, opened.error)
  } catch {
    return close(database, 'unavailable')
  }
}

export type StoreParts = StoreOptions & { readonly database: Database; readonly deviceKey: DeviceKey; readonly tabs: Tabs }

/** The store on a database that is open. */
export async function openOn(parts: StoreParts): Promise<Result<Store, OpenError>> {
  const { database, deviceKey, tabs, now, label = '', maxOpenDocuments = 64, compactAtRows = 200 } = parts
  const removal = createRemovalNote(parts.preferences ?? createPassingPreferences())
  const home = createHome({ database, deviceKey, tabs, maxOpen: maxOpenDocuments, compactAtRows, now, label, removal })
  const opened = await home.open()
  if (!opened.ok) {
    await home.close()
    tabs.close()
    return opened
  }
  const persist = () => {
    if (typeof navigator !== 'undefined') void navigator.storage?.persist?.().catch(() => undefined)
  }
  const roomEpoch = () => {
    const practice = home.current()
    return practice?.chain.book.roll().members.get(practice.state().me.id)?.roomEpoch ?? 0
  }
  const pairing = createPairingStore({ database, deviceKey, home, tabs, now, removal, persist })
  return ok({
    practice: createPracticeRepository({ database, deviceKey, home, tabs, persist, now, label, removal }),
    patients: createPatientRepository(home),
    schedule: createScheduleRepository(database, home),
    vault: createKeyVault(database, deviceKey, home, now, roomEpoch),
    journal: createJournal(database, deviceKey, () => home.current() === null && removal.read() !== null),
    people: createPeopleRepository(home, deviceKey, removal),
    sync: createSyncStore(database, home, tabs),
    chain: createChainStore(database, deviceKey, home),
    pairing,
    kits: createKitStore(database, deviceKey, home, now),
    restore: createRestoreStore(pairing),
    images: createImageStore(database, deviceKey),
    log: {
      book: createLogBook(database, deviceKey),
      documents: createLogDocuments(home),
      keys: createLogKeys(database, deviceKey, home),
      math: updateMath,
    },
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
  })
}

function close(database: Database, error: OpenError): Result<never, OpenError> {
  database.close()
  return err(error)
}
