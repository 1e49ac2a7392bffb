import { issueCertificate } from '@alcove/shared/crypto/admission'
import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, importKeyPair, roomIdOf } from '@alcove/shared/crypto/identity'
import type { HostIdentity, KeyVault } from '../../../pwa/src/ports.ts'
import type { FakeMemory } from './fake-memory.ts'

const dayMs = 24 * 60 * 60 * 1000
const usualLifeMs = 29 * dayMs

export function createFakeKeyVault(
  memory: FakeMemory,
  now: () => number,
  roomEpoch: () => number = () => 0,
  lifeMs = usualLifeMs,
): KeyVault {
  let kept: { readonly identity: HostIdentity; readonly expiresAt: number } | null = null

  let ahead = 0

  return {
    async acceptMinimumEpoch(_room, minimum) {
      ahead = Math.max(ahead, minimum - roomEpoch())
    },
    async hostIdentity() {
      const [roomSecret, deviceSecret] = [memory.secrets.get('room'), memory.secrets.get('identity')]
      if (!memory.practice?.me.roomKey || !roomSecret || !deviceSecret) return null
      const epoch = roomEpoch() + ahead
      if (kept && kept.identity.epoch === epoch && kept.expiresAt - now() > lifeMs / 3) return kept.identity
      const [room, device] = [await importKeyPair(roomSecret), await importKeyPair(deviceSecret)]
      const roomId = await roomIdOf(compressPublicKey(fromBase64Url(room.publicKey) ?? new Uint8Array(65)))
      const expiresAt = now() + lifeMs
      const validity = { notBeforeAt: now() - dayMs, expiresAt, epoch }
      const certificate = await issueCertificate(room, roomId, device.publicKey, validity)
      kept = { identity: { roomId, room, device, certificate, epoch }, expiresAt }
      return kept.identity
    },
    linkKey: async (member) => memory.linkKeys.get(member)?.slice() ?? null,
    durability: async () => 'durable',
  }
}
