import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { SimDevice, SimWorld } from './sim-device.ts'

/** What happened at one practice, as the checks need it. */
export type SimCase = {
  readonly world: SimWorld
  readonly devices: SimDevice[]
  /** Every change with a token: who made it, where, and whom its author knew to be out of the practice. */
  readonly changes: Map<string, SimChange>
  /** One appointment that was moved on one device and edited on another at the same time; nobody else touched it. */
  readonly meetings: { readonly document: DocumentId; readonly id: string; readonly moved: string | null; readonly edited: string | null }[]
  readonly log: string[]
}
export type SimChange = {
  readonly author: SimDevice
  readonly document: DocumentId
  readonly out: ReadonlyMap<DeviceKey, string>
  reported: boolean
}
