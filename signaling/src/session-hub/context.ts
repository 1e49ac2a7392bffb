import type { RoomId } from '@alcove/shared/domain/ids'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Enrolment } from '../enrolment.ts'
import type { LimitName, Limits } from '../limits.ts'
import type { KeyedLimiter } from '../rate-limits.ts'
import type { Epochs } from './epochs.ts'
import type { Proofs } from './proofs.ts'
import type { Rooms } from './rooms.ts'
import type { Stop } from './state.ts'

/** Counted, never more: no ids, names, addresses or messages. */
export type HubEvent =
  | { readonly type: 'authenticated'; readonly role: 'host' | 'guest' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'limit'; readonly limit: LimitName }
  | { readonly type: 'knocked' }
  | { readonly type: 'admitted' }
  | { readonly type: 'ended' }
  /** A message that its receiver may not have. It was not sent; it means that this program is wrong. */
  | { readonly type: 'withheld' }
  | { readonly type: 'fault'; readonly error: unknown }

/** How connection help is handed out. `trusted`: an enrolled host, or a guest that one has admitted. */
export type IceSource = {
  servers(trusted: boolean, now: number): readonly IceServer[]
  /** Null when nothing expires. */
  readonly renewEveryMs: number | null
}

export type SessionHubDeps = {
  /** Epoch ms. */
  now(): number
  after(delayMs: number, run: () => void): Stop
  /** base64url of this many random bytes. */
  random(bytes: number): string
  readonly limits: Limits
  readonly proofs: Proofs
  readonly ice: IceSource
  /** Null when nothing asks for it. */
  readonly enrolment: Enrolment | null
  readonly epochs: Epochs
  report(event: HubEvent): void
}

/** The hub's own parts, for its files. */
export type HubContext = SessionHubDeps & {
  readonly rooms: Rooms
  readonly knocksByAddress: KeyedLimiter
  readonly knocksByRoom: KeyedLimiter
  readonly enrolmentsByAddress: KeyedLimiter
  readonly epochRaisesByAddress: KeyedLimiter
  /** Rooms that get their first minimum epoch. */
  readonly epochRoomsByAddress: KeyedLimiter
}

export type RoomKeyed = { readonly room: RoomId; readonly roomKey: string }
