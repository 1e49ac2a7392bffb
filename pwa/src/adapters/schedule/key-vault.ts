import { issueCertificate, maxCertificateMs } from '@alcove/shared/crypto/admission'
import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, importKeyPair, roomIdOf } from '@alcove/shared/crypto/identity'
import type { RoomId } from '@alcove/shared/domain/ids'
import { may } from '@alcove/shared/domain/practice'
import type { HostIdentity, KeyPair, KeyVault } from '../../ports.ts'
import { type Database, write } from './database.ts'
import type { DeviceKey } from './device-key.ts'
import type { Home } from './home.ts'
import { type SecretName, unwrap } from './host-keys.ts'
import { linkKeyOf } from './views.ts'

const dayMs = 24 * 60 * 60 * 1000
/** Counts from yesterday on, so that a device whose clock is hours ahead is believed by those whose clock is right. */
const backdatedMs = dayMs
const certificateLifeMs = maxCertificateMs - backdatedMs
const renewBeforeMs = 10 * dayMs

type Pairs = { readonly roomId: RoomId; readonly room: KeyPair; readonly device: KeyPair }

export function createKeyVault(database: Database, deviceKey: DeviceKey, home: Home, now: () => number): KeyVault {
  let pairs: Promise<Pairs> | null = null

  async function makePairs(): Promise<Pairs> {
    const [room, device] = await Promise.all([pairOf('room'), pairOf('identity')])
    const point = fromBase64Url(room.publicKey)
    if (!point) throw new Error('A room key without a public key')
    return { roomId: await roomIdOf(compressPublicKey(point)), room, device }
  }

  async function pairOf(name: SecretName): Promise<KeyPair> {
    const secret = await unwrap(database, deviceKey.key, name)
    if (!secret) throw new Error(`The ${name} key of this device cannot be read`)
    const pair = await importKeyPair(secret)
    secret.fill(0)
    return pair
  }

  /** The stored one, or a new one when it ends soon, is not valid yet (the clock was set back) or is for other keys. */
  async function certificateFor({ roomId, room, device }: Pairs): Promise<string> {
    const at = now()
    const kept = await database.keys.get('certificate')
    const left = kept?.name === 'certificate' ? kept.expiresAt - at : 0
    if (kept?.name === 'certificate' && left >= renewBeforeMs && left <= certificateLifeMs) return kept.certificate
    const expiresAt = at + certificateLifeMs
    const validity = { notBeforeAt: at - backdatedMs, expiresAt, epoch: 0 }
    const certificate = await issueCertificate(room, roomId, device.publicKey, validity)
    // Not being able to keep it is no reason not to work: the next start makes another.
    const row = { name: 'certificate', certificate, expiresAt } as const
    await write(database, [database.keys], () => database.keys.put(row)).catch(() => undefined)
    return certificate
  }

  return {
    async hostIdentity(): Promise<HostIdentity | null> {
      const me = home.current()?.state().me
      if (!me || me.roomKey === null || !may(me, 'start-session')) return null
      pairs ??= makePairs()
      const made = await pairs.catch((error: unknown) => {
        pairs = null
        throw error
      })
      return { ...made, certificate: await certificateFor(made) }
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
