import { toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateLinkKey } from '@alcove/shared/crypto/link'
import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import { isWorking, type Roll } from '@alcove/shared/domain/practice-chain'
import { may } from '@alcove/shared/domain/practice'
import { ok, type Result } from '@alcove/shared/domain/result'
import type { SaveError } from '../../ports.ts'
import type { RoomPlace } from '../../sync-ports.ts'
import type { Act, ChainKeeper } from './chain-keeper.ts'
import { commit, type Database } from './database.ts'
import { makeKey, roomKeyOf, storedPair, unwrap } from './host-keys.ts'
import { openRoom, sealRoom } from './room-keys.ts'
import { collections, type PracticeView } from './views.ts'

export type RoomKeeping = {
  readonly database: Database
  readonly deviceKey: CryptoKey
  readonly keeper: ChainKeeper
  readonly me: MemberId
  readonly view: PracticeView
  /** The room that the chain names has come. */
  readonly received: () => void
}

/**
 * What a clinician's device does about the room by itself: makes one when there is none, takes over the one that
 * another device of the clinician made, and gives its own to those of its line that have not got it.
 */
export async function keepRoom(keeping: RoomKeeping): Promise<void> {
  const { database, deviceKey, keeper, me, view } = keeping
  const roll = keeper.book.roll()
  const member = roll.members.get(me)
  if (!member || !roll.devices.has(keeper.device) || !may(member, 'start-session')) return
  const { roomKey } = member
  if (roomKey === null) {
    await keeper.act(async (now) => (now.members.get(me)?.roomKey === null ? newRoom(keeping) : ok(nothing)))
    return
  }
  const mine = await storedPair(database, deviceKey, 'room')
  const sealed = view.rooms.get(roomKey)
  if (!mine || roomKeyOf(mine) !== roomKey) {
    const secret = await openRoom(sealed?.[keeper.device], roomKey, keeper.identity)
    if (!secret) return
    const { row } = await makeKey(deviceKey, 'room', secret)
    secret.fill(0)
    await commit(database, { docId: '', sealed: null, keys: [row] })
    hold(keeping, roomKey)
    return
  }
  hold(keeping, roomKey)
  // Rooms without such fields are as old as the devices that have them, or came with the invitation.
  const lacking = sealed ? ownLine(roll, keeper.device).filter((device) => device !== keeper.device && sealed[device] === undefined) : []
  if (lacking.length === 0) return
  const secret = await unwrap(database, deviceKey, 'room')
  if (!secret) return
  const fields = await sealRoom(secret, roomKey, lacking)
  secret.fill(0)
  await keeper.change((document) => document.changeEntity(collections.rooms, roomKey, fields))
}

/** Perhaps it was another tab that made or received it. */
function hold({ keeper, received }: RoomKeeping, roomKey: string): void {
  if (keeper.heldRooms.has(roomKey)) return
  keeper.heldRooms.add(roomKey)
  received()
}

const nothing: Act<void> = { operations: [], value: undefined, housekeeping: true }

/** A room key of this device's making. All links change with it, so that there is a new link key too. */
export async function newRoom({
  deviceKey,
  keeper,
  me,
}: Pick<RoomKeeping, 'deviceKey' | 'keeper' | 'me'>): Promise<Result<Act<void>, SaveError>> {
  const room = await makeKey(deviceKey, 'room')
  const roomKey = roomKeyOf(room.pair)
  // This device included: another tab of it may make one at the same moment, and only one of the two will be the room.
  const fields = await sealRoom(room.secret, roomKey, ownLine(keeper.book.roll(), keeper.device))
  room.secret.fill(0)
  // It shows only once the chain names it, together with the key on the disk.
  keeper.heldRooms.add(roomKey)
  return ok({
    operations: [{ type: 'set-room', member: me, roomKey }],
    value: undefined,
    keys: [room.row],
    also(document) {
      document.changeEntity(collections.rooms, roomKey, fields)
      document.changeEntity(collections.members, me, { linkKey: toBase64Url(generateLinkKey()) })
    },
  })
}

/**
 * The devices that this one's person linked from one another, this one included: they alone get the room's key. A device that
 * an administrator let in would otherwise be a way into every clinician's room.
 */
function ownLine(roll: Roll, device: DeviceKey): readonly DeviceKey[] {
  const mine = roll.devices.get(device)
  return mine
    ? [...roll.devices.values()].filter(({ member, line }) => member === mine.member && line === mine.line).map(({ key }) => key)
    : []
}

/** What the roll and the keys of this device say about the member's room. */
export function roomPlaceOf({ book, heldRooms, device }: Pick<ChainKeeper, 'book' | 'heldRooms' | 'device'>, me: MemberId): RoomPlace {
  const roll = book.roll()
  const { roomKey = null, roomLine = null } = roll.members.get(me) ?? {}
  if (roomKey === null) return 'none'
  if (heldRooms.has(roomKey)) return 'here'
  const line = ownLine(roll, device).filter((key) => isWorking(roll.devices.get(key) ?? {}))
  return roll.devices.get(device)?.line === roomLine && line.length > 1 ? 'coming' : 'missing'
}
