import { type Bytes, fromBase64Url, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { hpkeOpen, hpkeSeal } from '@alcove/shared/crypto/hpke'
import { importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { Fields } from './documents.ts'
import { roomKeyOf } from './host-keys.ts'

/**
 * A room that was made anew reaches the clinician's other devices through the practice document, sealed to each of them
 * (HPKE). Nobody signs it: what is found there counts only when it is the secret of the room that the chain names.
 */

/** Fields by device. */
export async function sealRoom(secret: Bytes, roomKey: string, devices: readonly DeviceKey[]): Promise<Fields> {
  const sealed = await Promise.all(
    devices.map(async (device) => {
      const bytes = await hpkeSeal(device, infoOf(roomKey), utf8(device), secret)
      return bytes ? [[device, toBase64Url(bytes)] as const] : []
    }),
  )
  return Object.fromEntries(sealed.flat())
}

/** The room's PKCS#8. Null when it was sealed to another device, or is another room's. */
export async function openRoom(sealed: unknown, roomKey: string, device: KeyPair): Promise<Bytes | null> {
  const bytes = typeof sealed === 'string' ? fromBase64Url(sealed) : null
  const secret = bytes && (await hpkeOpen(device, infoOf(roomKey), utf8(device.publicKey), bytes))
  return secret && (await isRoom(secret, roomKey)) ? secret : null
}

export async function isRoom(secret: Bytes, roomKey: string): Promise<boolean> {
  try {
    return roomKeyOf(await importKeyPair(secret)) === roomKey
  } catch {
    return false
  }
}

function infoOf(roomKey: string): Bytes {
  return utf8(`alcove/room-key/1\n${roomKey}`)
}
