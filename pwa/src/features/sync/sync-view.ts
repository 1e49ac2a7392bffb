import type { DeviceKey } from '@alcove/shared/domain/ids'
import { otherWorkingDevices } from '@alcove/shared/domain/practice-chain'
import { isKeyPrivate } from '@alcove/shared/domain/practice-roll'
import type { LogState } from '../log/log-state.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import type { DeviceSync, SyncState } from './sync-state.ts'

/** What the engine knows, for `viewSync`. */
export type SyncFacts = {
  readonly place: SyncPlace | null
  /** Null while the server is reached; otherwise since when it is not, epoch ms. */
  readonly offlineSinceAt: number | null
  readonly unsynced: number
  readonly log: LogState
  /** Devices that are connected, proven and in; whether everything is exchanged with each. */
  readonly sessions: ReadonlyMap<DeviceKey, boolean>
  readonly heardAt: (device: DeviceKey) => number | null
}

export function viewSync(facts: SyncFacts): SyncState {
  const { place, sessions, unsynced, log } = facts
  const devices = new Map<DeviceKey, DeviceSync>()
  for (const { key } of place ? otherWorkingDevices(place.roll, place.device.publicKey as DeviceKey) : []) {
    devices.set(key, { online: sessions.has(key), settled: sessions.get(key) ?? false, heardAt: facts.heardAt(key) })
  }
  return { line: lineOf(facts), unsynced, devices, log }
}

function lineOf({ place, offlineSinceAt, sessions }: SyncFacts): SyncState['line'] {
  if (place && !place.roll.devices.has(place.device.publicKey as DeviceKey)) return { kind: 'left-out' }
  if (!place || otherWorkingDevices(place.roll, place.device.publicKey as DeviceKey).length === 0) return { kind: 'only-device' }
  if (!isKeyPrivate(place.roll, place.epoch)) return { kind: 'waiting-for-key' }
  if (sessions.size > 0) return [...sessions.values()].every((settled) => settled) ? { kind: 'synced' } : { kind: 'syncing' }
  return offlineSinceAt === null ? { kind: 'nobody-online' } : { kind: 'offline', sinceAt: offlineSinceAt }
}
