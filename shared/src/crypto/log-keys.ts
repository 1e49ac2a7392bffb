import type { DeviceKey, EntryHash, EpochId, MemberId } from '../domain/ids.ts'
import type { SpaceId } from '../domain/sealed-log.ts'
import { type Bytes, hashText, toBase64Url } from './bytes.ts'
import type { KeyHandle } from './identity.ts'
import { hkdf } from './mac.ts'

/** What of the sealed log follows from a practice's founding and its keys. Records themselves are in sealed-log.ts. */

/** `root`: the hash of the founding entry, which `foundingDevice` signed. */
export async function spaceIdOf(root: EntryHash, foundingDevice: DeviceKey): Promise<SpaceId> {
  return (await hashText(`alcove/log-space/1\n${root}\n${foundingDevice}`)) as SpaceId
}

/** `AccessDevice.member`: the same for the devices of one member, and telling nothing else. */
export async function memberTagOf(foundingKey: Bytes, member: MemberId): Promise<string> {
  return toBase64Url(await hkdf(foundingKey, `alcove/log-member/1\n${member}`, 16))
}

/** What a device seals its records with: AES-256-GCM, of the practice key of an epoch (32 bytes; null: the founding one). */
export async function deriveLogKey(practiceKey: Bytes, epoch: EpochId | null, writer: DeviceKey): Promise<KeyHandle> {
  const key = await hkdf(practiceKey, `alcove/log/1\n${epoch ?? 'founding'}\n${writer}`, 32)
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
