import type { InvitationKind, PairingFailure } from '@alcove/shared/protocol/sync-messages'

/** Six digits that both people compare; steering them takes a million tries, and there is one. */
export type ShortCode = string

/** On the device that invites. */
export type InviterState =
  /** `link` is shown, copied and drawn as a QR code. Valid for the device that opens it first, until `expiresAt`. */
  | { readonly kind: 'open'; readonly link: string; readonly expiresAt: number; readonly connected: boolean }
  /**
   * A device has opened it: compare the code with the one on its screen, then approve or decline. `rival`: another
   * device has come with the same link, and was sent away.
   */
  | {
      readonly kind: 'comparing'
      readonly code: ShortCode
      readonly label: string
      readonly expiresAt: number
      readonly rival: boolean
    }
  /** Approved: signed in, sending. `progress` 0..1. */
  | { readonly kind: 'sending'; readonly progress: number }
  | { readonly kind: 'joined'; readonly label: string }
  | { readonly kind: 'failed'; readonly reason: InviterFailure }
/**
 * `lost`: the other device went away. `storage`: the approval could not be saved here. `declined-late`: the codes differ,
 * says the person at the other device, but here they were approved before: a device is in that should not be.
 */
export type InviterFailure = PairingFailure | 'lost' | 'storage' | 'no-server' | 'declined-late'

/** On the device that joins. */
export type JoinerState =
  | { readonly kind: 'connecting' }
  /** The invitation was taken; both people compare. `confirmed`: this one has, and the inviting one is waited for. */
  | {
      readonly kind: 'comparing'
      readonly code: ShortCode
      readonly practice: string
      readonly member: string
      readonly invitation: InvitationKind
      readonly confirmed: boolean
    }
  | { readonly kind: 'receiving'; readonly progress: number }
  | { readonly kind: 'joined' }
  | { readonly kind: 'failed'; readonly reason: JoinerFailure }
/** `broken-link`: cut off or mistyped. `no-answer`: the inviting device is not there (any more). */
export type JoinerFailure = PairingFailure | 'broken-link' | 'newer-link' | 'no-answer' | 'no-server' | 'storage' | 'practice-here'

export type Inviter = {
  watch(listener: (state: InviterState) => void): () => void
  approve(): void
  decline(): void
  /** Also when the dialog is closed: the link is void from then on. */
  cancel(): void
}

export type Joiner = {
  watch(listener: (state: JoinerState) => void): () => void
  /** The codes match, says the person here. Nothing is taken over before. */
  confirm(): void
  /** They differ: both devices fail with `declined`. */
  reject(): void
  cancel(): void
}
