import { createHash } from 'node:crypto'
import { verifyCertificate, verifyTicket } from '@alcove/shared/crypto/admission'
import { verify, verifyAuthentication } from '@alcove/shared/crypto/signed'
import type { RoomId } from '@alcove/shared/domain/ids'
import { endContents, rosterContents } from '@alcove/shared/protocol/peer-messages'
import type { GenericSchema } from '@alcove/shared/protocol/schema'
import { minimumEpochContents } from '@alcove/shared/protocol/sync-messages'
import type { Proofs, Signer } from './session-hub/proofs.ts'

/** The hub's cryptography, real. Why something was refused is nobody's business outside. */
export function createProofs(): Proofs {
  return {
    hash: (text) => createHash('sha256').update(text).digest('base64url'),

    guest: ({ role, room, guestKey, signature }, challenge) => verifyAuthentication(guestKey, { ...challenge, role, room }, signature),

    async host({ role, room, roomKey, certificate, signature }, challenge, now) {
      const certified = await verifyCertificate(certificate, { room, roomKey, now })
      if (!certified.ok) return null
      const { device, epoch, expiresAt } = certified.value
      const proven = await verifyAuthentication(device, { ...challenge, role, room }, signature)
      return proven ? { device, roomKey, certificate, expiresAt, epoch } : null
    },

    async ticket(signed, signer, { guest, knock, now }) {
      const ticket = await verifyTicket(signed, { ...signer, guestKey: guest, knock, now, after: null })
      return ticket.ok ? ticket.value : null
    },

    roster: (signed, signer, now) => verifyBy(signer, 'roster', rosterContents, signed, now),
    end: (signed, signer, now) => verifyBy(signer, 'end', endContents, signed, now),

    async minimumEpoch(signed, { room, roomKey }) {
      const verified = await verify('minimum-epoch', minimumEpochContents, signed, roomKey)
      return verified.ok && verified.value.room === room ? verified.value : null
    },
  }
}

/** By this very device, whose certificate still holds, about this room. */
async function verifyBy<T extends { readonly room: RoomId }>(
  signer: Signer,
  what: 'roster' | 'end',
  schema: GenericSchema<unknown, T>,
  signed: string,
  now: number,
): Promise<T | null> {
  const certified = await verifyCertificate(signer.certificate, { room: signer.room, roomKey: signer.roomKey, now })
  if (!certified.ok) return null
  const verified = await verify(what, schema, signed, signer.device)
  return verified.ok && verified.value.room === signer.room ? verified.value : null
}
