import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { LogDoors, LogState } from '../log/log-state.ts'

/** What the screen knows about the practice's other devices. */
export type SyncState = {
  readonly line: /** The practice has no other device. */
    | { readonly kind: 'only-device' }
    /** Another tab of this browser does it; what that tab sees arrives here too. */
    | { readonly kind: 'other-tab' }
    /** Not connected to the server. `sinceAt`: epoch ms. */
    | { readonly kind: 'offline'; readonly sinceAt: number }
    /** Connected, and nobody else is there. */
    | { readonly kind: 'nobody-online' }
    /** With at least one other device, exchanging what was missed. */
    | { readonly kind: 'syncing' }
    | { readonly kind: 'synced' }
    /** This device missed a new practice key and waits for another device to hand it over. */
    | { readonly kind: 'waiting-for-key' }
    /** Nobody's word makes it a device of the practice: whoever let it in was removed at the same moment. */
    | { readonly kind: 'left-out' }
  /** Changes made here that neither another device nor the log has yet. */
  readonly unsynced: number
  /** The practice's encrypted log on the server. */
  readonly log: LogState
  readonly devices: ReadonlyMap<DeviceKey, DeviceSync>
}

export type DeviceSync = {
  readonly online: boolean
  /** Everything that either side had is exchanged. */
  readonly settled: boolean
  /** When it was last heard of, epoch ms; null: never. */
  readonly heardAt: number | null
}

/** The engine as the app sees it. */
export type PracticeSync = {
  watch(listener: (state: SyncState) => void): () => void
  /** What a person may ask of the log, from any tab. */
  readonly log: LogDoors
  /** The device woke, or the network is back. */
  hurry(): void
  /** Sends to my other devices that are online; see docs/PROTOCOL.md, "Several devices of a clinician". */
  sendToOwnDevices(body: string, to: DeviceKey | null): void
  watchOwnDevices(listener: (message: { readonly from: DeviceKey; readonly body: string }) => void): () => void
  close(): void
}
