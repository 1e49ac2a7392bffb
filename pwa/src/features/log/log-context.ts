import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash } from '@alcove/shared/domain/sealed-log'
import type { LogConnection, LogKeeping, LogLine } from '../../log-ports.ts'
import type { Clock } from '../../ports.ts'
import type { ChainStore, SyncPlace, SyncStore } from '../../sync-ports.ts'
import type { LogMemory } from './log-memory.ts'
import type { LogWriters } from './log-writers.ts'

export type LogSyncDeps = {
  readonly clock: Clock
  /** 0..1, for delays. */
  readonly random: () => number
  /** The page's, `https://clinic.example`: signatures are bound to it. */
  readonly origin: string
  readonly store: SyncStore
  readonly chain: ChainStore
  readonly line: LogLine
  readonly keeping: LogKeeping
}

/** What the engine's parts share. */
export type LogContext = LogSyncDeps & {
  readonly memory: LogMemory
  readonly writers: LogWriters
  /** Null while there is no practice here. */
  readonly place: () => SyncPlace | null
  /** Null unless the server has let this device in. */
  readonly connection: () => LogConnection | null
  readonly isClosed: () => boolean
  /** Documents into which updates from the log are being stored, and what was stored meanwhile: mostly that. */
  readonly taking: Map<DocumentId, Uint8Array<ArrayBuffer>[]>
}

/** Up to where somebody has read and verified a log. */
export type LogHead = { readonly document: DocumentId; readonly sequence: number; readonly hash: LogHash }

export function myDevice(place: SyncPlace): DeviceKey {
  return place.device.publicKey as DeviceKey
}

/** Each in its turn, for each document; what waits for another document does not wait. */
export type Turns = { run<T>(document: DocumentId, work: () => Promise<T>): Promise<T> }

export function createTurns(): Turns {
  const tails = new Map<DocumentId, Promise<unknown>>()
  return {
    run(document, work) {
      const done = (tails.get(document) ?? Promise.resolve()).then(work)
      const tail = done
        .catch(() => undefined)
        .then(() => {
          if (tails.get(document) === tail) tails.delete(document)
        })
      tails.set(document, tail)
      return done
    },
  }
}
