import type { DeviceKey, EntryHash, EpochId, MemberId, PracticeId } from './ids.ts'
import type { Role, TelehealthTier } from './practice.ts'

/**
 * Who belongs to a practice and what they may do, as a chain of entries that devices sign. Entries name the newest
 * entries their author knew (`parents`), so that two administrators who were offline at the same time both keep their
 * word: the chain is a graph, put into one order by a rule that gives every device the same one (practice-roll.ts).
 * Here the entries are already verified: the signature, the hash and that `by` signed it (shared/crypto/chain).
 */
export type ChainEntry = {
  /** base64url(SHA-256(the signed statement's characters)). */
  readonly hash: EntryHash
  /** Empty in the founding entry alone; its hash is what every device of the practice pins. At most 8, sorted. */
  readonly parents: readonly EntryHash[]
  /** The device that signed. */
  readonly by: DeviceKey
  /** The author's clock, epoch ms. Shown, never decided by. */
  readonly at: number
  readonly operations: readonly Operation[]
}

export type Operation =
  /** In the founding entry, first. The rest of that entry adds the founder and their device. */
  | { readonly type: 'found'; readonly practice: PracticeId }
  | { readonly type: 'add-member'; readonly member: MemberId; readonly name: string; readonly roles: readonly Role[] }
  | { readonly type: 'rename-member'; readonly member: MemberId; readonly name: string }
  | { readonly type: 'change-roles'; readonly member: MemberId; readonly roles: readonly Role[] }
  /** With all their devices. The name stays, for the appointments of the past. */
  | { readonly type: 'remove-member'; readonly member: MemberId }
  | {
      readonly type: 'add-device'
      readonly device: DeviceKey
      readonly member: MemberId
      readonly label: string
      /** A recovery kit: the author's own alone. Without it an ordinary device. */
      readonly use?: 'recovery-kit'
    }
  /** What the people of the practice call it; at first what it called itself. */
  | { readonly type: 'rename-device'; readonly device: DeviceKey; readonly label: string }
  /** Final: a key that was removed is never added again. */
  | { readonly type: 'remove-device'; readonly device: DeviceKey }
  /** A clinician's room, by one of that clinician's own devices. Compressed public key, 33 bytes, base64url. */
  | { readonly type: 'set-room'; readonly member: MemberId; readonly roomKey: string }
  | { readonly type: 'change-telehealth'; readonly tier: TelehealthTier }
  /** A new practice key, sealed to each device that may go on. Comes with every removal. */
  | { readonly type: 'rekey'; readonly epoch: EpochId; readonly keys: readonly SealedKey[] }
  /** The key of an epoch for devices that were not there when it was made. */
  | { readonly type: 'share-key'; readonly epoch: EpochId; readonly keys: readonly SealedKey[] }

/** So many of the newest practice keys every device is given: what stands in a log under older ones, snapshots have long taken the place of. */
export const maxSharedEpochs = 32

/** How many devices a practice may have at a time: a new key must reach all of them in one entry. */
export const maxDevices = 64

/** `sealed`: HPKE to the device's key, base64url (shared/crypto/chain). */
export type SealedKey = { readonly device: DeviceKey; readonly sealed: string }

export type RollMember = {
  readonly id: MemberId
  readonly name: string
  /** None once removed. */
  readonly roles: readonly Role[]
  /** Null without a room, and once removed. */
  readonly roomKey: string | null
  /** When this room was made, by the author's clock; null without a room. */
  readonly roomSince: number | null
  /** Devices of this member that were removed since the room was made: the room's minimum certificate epoch. */
  readonly roomEpoch: number
  /** Of the device that made the room: devices of this line may have its key. Null without a room. */
  readonly roomLine: DeviceKey | null
  readonly removed: boolean
}

export type RollDevice = {
  readonly key: DeviceKey
  readonly member: MemberId
  readonly label: string
  readonly addedAt: number
  /** The device that signed it in; the founding device did so itself. */
  readonly addedBy: DeviceKey
  /**
   * Devices that the member linked from one another form a line, named after the first of them. One that somebody else (an
   * administrator) let in begins a line of its own: it is the member's by that person's word alone.
   */
  readonly line: DeviceKey
  /** A page of paper: it holds keys like any device, and is never online. */
  readonly use?: 'recovery-kit'
}

/** Devices that somebody works with: recovery kits are not waited for, not counted and not listed among them. */
export function isWorking(device: Pick<RollDevice, 'use'>): boolean {
  return device.use !== 'recovery-kit'
}

/** All of them but this one. */
export function otherWorkingDevices({ devices }: Pick<Roll, 'devices'>, me: DeviceKey): readonly RollDevice[] {
  return [...devices.values()].filter((device) => device.key !== me && isWorking(device))
}

export type RefusalReason =
  /** The author's device was not in the practice (any more). */
  | 'unknown-author'
  | 'not-allowed'
  /** Nobody would be left who can administer the practice. */
  | 'last-administrator'
  /** It names a member, device or epoch that is not there, or is there already. */
  | 'impossible'

export type Refusal = {
  readonly entry: EntryHash
  readonly by: DeviceKey
  readonly operation: Operation['type']
  readonly reason: RefusalReason
}

/** What the chain says now. */
export type Roll = {
  readonly practice: PracticeId
  readonly telehealth: TelehealthTier
  /** In order of their addition; removed ones included. */
  readonly members: ReadonlyMap<MemberId, RollMember>
  readonly devices: ReadonlyMap<DeviceKey, RollDevice>
  readonly removedDevices: ReadonlyMap<DeviceKey, { readonly member: MemberId; readonly by: DeviceKey; readonly at: number }>
  /**
   * Let in to no effect: whoever did it had been removed at the same time, say. Until they hear of that, such a device and those that
   * know it take it for one of the practice, and write as if it were.
   */
  readonly refusedDevices: ReadonlySet<DeviceKey>
  /** The newest practice key that took effect, and which devices have had it. Null: the founding key. */
  readonly epoch: { readonly id: EpochId; readonly holders: ReadonlySet<DeviceKey> } | null
  /** Every practice key that took effect, the oldest first, and which devices have had it. */
  readonly epochs: ReadonlyMap<EpochId, ReadonlySet<DeviceKey>>
  /** Entries without children: the parents of the next one. */
  readonly heads: readonly EntryHash[]
  /** Signed, but without effect. Said to administrators. */
  readonly refusals: readonly Refusal[]
}
