import type { GuestKey, RoomId } from '@alcove/shared/domain/ids'
import type { EndContents, RosterContents, TicketContents } from '@alcove/shared/protocol/peer-messages'
import type { AuthenticateMessage } from '@alcove/shared/protocol/session-messages'
import type { MinimumEpochContents } from '@alcove/shared/protocol/sync-messages'

/** What a signature is bound to, so that it is worth nothing on another connection or origin. */
export type Challenge = { readonly origin: string; readonly connection: string; readonly nonce: string }

/** A device that has proven that the room's key certified it. */
export type ProvenHost = {
  readonly device: string
  readonly roomKey: string
  readonly certificate: string
  /** Of the certificate; epoch ms. */
  readonly expiresAt: number
  readonly epoch: number
}

/** The signer that a connection proved to be. */
export type Signer = ProvenHost & { readonly room: RoomId }

/** Cryptography as the hub needs it; null means refused, whatever the reason. Made in session-proofs.ts. */
export type Proofs = {
  /** base64url(SHA-256) of the sealed knock's characters. */
  hash(text: string): string
  guest(message: AuthenticateMessage & { role: 'guest' }, challenge: Challenge): Promise<boolean>
  host(message: AuthenticateMessage & { role: 'host' }, challenge: Challenge, now: number): Promise<ProvenHost | null>
  ticket(
    signed: string,
    signer: Signer,
    expected: { readonly guest: GuestKey; readonly knock: string; readonly now: number },
  ): Promise<TicketContents | null>
  roster(signed: string, signer: Signer, now: number): Promise<RosterContents | null>
  end(signed: string, signer: Signer, now: number): Promise<EndContents | null>
  /** Signed by the room key itself. */
  minimumEpoch(signed: string, signer: Signer): Promise<MinimumEpochContents | null>
}
