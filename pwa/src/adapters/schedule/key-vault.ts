import { issueCertificate, maxCertificateMs, verifyCertificate } from '@alcove/shared/crypto/admission'
import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { roomIdOf } from '@alcove/shared/crypto/identity'
import type { RoomId } from '@alcove/shared/domain/ids'
import { may } from '@alcove/shared/domain/practice'
import type { HostIdentity, KeyPair, KeyVault } from '../../ports.ts'
import { type Database, write } from './database.ts'
import type { DeviceKey } from './device-key.ts'
import type { Home } from './home.ts'
import { roomKeyOf, storedPair } from './host-keys.ts'
import { linkKeyOf } from './views.ts'

const dayMs = 24 * 60 * 60 * 1000
/** Counts from yesterday on, so that a device whose clock is hours ahead is believed by those whose clock is right. */
const backdatedMs = dayMs
const certificateLifeMs = maxCertificateMs - backdatedMs
const renewBeforeMs = 10 * dayMs

/** Room for removals above it, in numbers that JSON keeps. */
const maxEpoch = 2 ** 52

type Pairs = { readonly roomId: RoomId; readonly room: KeyPair; readonly device: KeyPair }

/** `roomEpoch`: of my room, as the practice's chain says it (RollMember.roomEpoch). */
export function createKeyVault(
  database: Database,
  deviceKey: DeviceKey,
  home: Home,
  now: () => number,
  roomEpoch: () => number = () => 0,
): KeyVault {
  /** Of the room that is mine now: it may be replaced. */
  let kept: { readonly roomKey: string; readonly pairs: Promise<Pairs | null> } | null = null

  /** Null while another device of mine has made a room that has not reached this one. */
  async function makePairs(roomKey: string): Promise<Pairs | null> {
    const [room, device] = await Promise.all([pairOf('room'), pairOf('identity')])
    const point = fromBase64Url(roomKey)
    return point && roomKeyOf(room) === roomKey ? { roomId: await roomIdOf(point), room, device } : null
  }

  async function pairOf(name: 'room' | 'identity'): Promise<KeyPair> {
    const pair = await storedPair(database, deviceKey.key, name)
    if (!pair) throw new Error(`The ${name} key of this device cannot be read`)
    return pair
  }

  /**
   * The stored one, or a new one when it ends soon, is not valid yet (the clock was set back), is for other keys, or a
   * device of mine was removed since: then everybody believes only certificates of the new epoch.
   */
  async function certificateFor({ roomId, room, device }: Pairs, epoch: number): Promise<string> {
    const at = now()
    const stored = await database.keys.get('certificate')
    if (stored?.name === 'certificate') {
      const { certificate } = stored
      const verified = await verifyCertificate(certificate, { room: roomId, roomKey: room.publicKey, now: at })
      const left = verified.ok ? verified.value.expiresAt - at : 0
      const isMine = verified.ok && verified.value.device === device.publicKey && verified.value.epoch === epoch
      if (isMine && left >= renewBeforeMs && left <= certificateLifeMs) return certificate
    }
    const expiresAt = at + certificateLifeMs
    const certificate = await issueCertificate(room, roomId, device.publicKey, { notBeforeAt: at - backdatedMs, expiresAt, epoch })
    // Not being able to keep it is no reason not to work: the next start makes another.
    const row = { name: 'certificate', certificate, expiresAt } as const
    const keep = async () => void ((await database.keys.get('practice')) && (await database.keys.put(row)))
    await write(database, [database.keys], keep).catch(() => undefined)
    return certificate
  }

  async function aheadOf(room: RoomId): Promise<number> {
    const row = await database.keys.get('epoch-ahead')
    return row?.name === 'epoch-ahead' && row.room === room ? row.by : 0
  }

  return {
    async acceptMinimumEpoch(room, minimum) {
      const by = Math.min(minimum, maxEpoch) - roomEpoch()
      if (by <= (await aheadOf(room))) return
      const keep = async () => void ((await database.keys.get('practice')) && (await database.keys.put({ name: 'epoch-ahead', room, by })))
      await write(database, [database.keys], keep)
    },
    async hostIdentity(): Promise<HostIdentity | null> {
      const me = home.current()?.state().me
      if (!me || me.roomKey === null || !may(me, 'start-session')) return null
      if (kept?.roomKey !== me.roomKey) kept = { roomKey: me.roomKey, pairs: makePairs(me.roomKey) }
      const made = await kept.pairs.catch((error: unknown) => {
        kept = null
        throw error
      })
      if (!made) {
        kept = null
        return null
      }
      const epoch = roomEpoch() + (await aheadOf(made.roomId))
      return { ...made, certificate: await certificateFor(made, epoch), epoch }
    },
    async linkKey(member) {
      const practice = home.current()
      const linkKey = practice && linkKeyOf(practice.view(), member)
      const bytes = linkKey ? fromBase64Url(linkKey) : null
      return bytes?.length === 32 ? bytes : null
    },
    durability: async () => deviceKey.durability,
  }
}
