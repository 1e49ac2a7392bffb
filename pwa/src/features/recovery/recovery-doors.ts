import type { SyncStore } from '../../sync-ports.ts'
import type { LogLine } from '../../log-ports.ts'
import type { Clock } from '../../ports.ts'
import type { KitStore, KitWords, RestoreStore } from '../../recovery-ports.ts'

/** What the recovery kit's screens reach. */
export type RecoveryDoors = {
  readonly words: KitWords
  readonly kits: KitStore
  readonly restore: RestoreStore
  readonly line: LogLine
  readonly clock: Clock
  /** `https://clinic.example` */
  readonly origin: string
  readonly syncStore: Pick<SyncStore, 'watchPlace'>
  /** Opens the browser's dialog for printing the page. */
  readonly print: () => void
}
