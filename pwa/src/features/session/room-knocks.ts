import { hashText } from '@alcove/shared/crypto/bytes'
import { openKnock, verifyKnockMac } from '@alcove/shared/crypto/seal'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Bytes } from '@alcove/shared/crypto/bytes'
import type { Arrival } from '@alcove/shared/domain/waiting-room'
import type { HostIdentity } from '../../ports.ts'
import type { RoomLinks } from './room-links.ts'

export type OpenedKnock =
  | { readonly kind: 'arrival'; readonly arrival: Arrival; readonly secret: Bytes }
  /** From the holder of a link that was replaced. */
  | { readonly kind: 'replaced'; readonly knock: string }
  /** From nobody who has a link: as if nothing had come. */
  | { readonly kind: 'nothing' }

/** Opens a sealed knock and checks its proof of the link. */
export async function readKnock(
  sealed: string,
  guest: GuestKey,
  { roomId: room, room: roomPair }: Pick<HostIdentity, 'roomId' | 'room'>,
  links: Pick<RoomLinks, 'find'>,
): Promise<OpenedKnock> {
  const opened = await openKnock(sealed, { room, roomPair, guestKey: guest })
  if (!opened.ok) return { kind: 'nothing' }
  const { tag, mac, name, instance, intent, call } = opened.value
  const link = await links.find(tag)
  if (!link || !(await verifyKnockMac(link.secret, room, guest, mac))) return { kind: 'nothing' }
  const knock = await hashText(sealed)
  if (link.replaced) return { kind: 'replaced', knock }
  return { kind: 'arrival', secret: link.secret, arrival: { guest, knock, instance, name, owner: link.owner, intent, call } }
}
