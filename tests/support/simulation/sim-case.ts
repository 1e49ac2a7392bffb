import type { DeviceKey, DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { Attack } from './sim-log-attacks.ts'
import type { SimLogDisk } from './sim-log-disk.ts'
import type { SimMode } from './sim-mode.ts'
import type { SimDevice, SimWorld } from './sim-device.ts'

/**
 * What a removed device wrote with the server's help. `record`: its hash. `behind`: the practice keys of the records before it, in
 * every log that was shown with it.
 */
export type Smuggled = {
  readonly document: DocumentId
  readonly token: string
  readonly record: string
  readonly epoch: EpochId | null
  behind: ReadonlySet<EpochId | null>
  /** By a device of the practice that had not heard of a newer key. */
  wasTakenInGoodFaith: boolean
}

/** What happened at one practice, as the checks need it. */
export type SimCase = {
  readonly world: SimWorld
  readonly devices: SimDevice[]
  /** Every change with a token: who made it, where, and whom its author knew to be out of the practice. */
  readonly changes: Map<string, SimChange>
  /** One appointment that was moved on one device and edited on another at the same time; nobody else touched it. */
  readonly meetings: { readonly document: DocumentId; readonly id: string; readonly moved: string | null; readonly edited: string | null }[]
  readonly log: string[]
  readonly mode: SimMode
  /** Devices that will not come back, and what they had said is synced. */
  readonly lost: Map<SimDevice, ReadonlySet<string>>
  /** What the server did, in order. */
  readonly attacks: Attack[]
  /** What removed devices wrote with the server's help. */
  readonly smuggled: Smuggled[]
  /** Records that no device wrote, by their hashes. */
  readonly forged: Set<string>
  /** Every practice key that some device ever had: for the checks alone. */
  readonly secrets: Map<EpochId | null, Uint8Array<ArrayBuffer>>
  /** What the records say, by their hashes; and what all records on a disk say. */
  readonly opened: Map<string, readonly string[]>
  readonly inLog: WeakMap<SimLogDisk, ReadonlySet<string>>
}
export type SimChange = {
  readonly author: SimDevice
  readonly document: DocumentId
  readonly out: ReadonlyMap<DeviceKey, string>
  reported: boolean
}
