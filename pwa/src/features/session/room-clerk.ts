import { clockSkewMs, issueEnd, issueNote, issueRoster, issueTicket, maxTicketMs } from '@alcove/shared/crypto/admission'
import { sealNote } from '@alcove/shared/crypto/seal'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import type { NoteContents, RosterContents } from '@alcove/shared/protocol/peer-messages'
import type { HostIdentity } from '../../ports.ts'

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** A note without what every note says: to whom, about which knock, when. */
export type NoteWords = DistributiveOmit<NoteContents, 'room' | 'guest' | 'knock' | 'sentAt'>

/** What was last signed. `stamp`: of tickets, notes and ends (epoch ms); `sequence`: of rosters. */
export type Stamps = { readonly stamp: number; readonly sequence: number }

/** Writes and signs what the clinician's device says. Its stamps only ever grow, over reloads and other devices too. */
export type RoomClerk = {
  ticket(to: { readonly guest: GuestKey; readonly knock: string; readonly call: CallId; readonly hostKey: string }): Promise<string>
  roster(call: CallId, guests: RosterContents['guests']): Promise<string>
  end(call: CallId): Promise<string>
  /** Signed, then sealed to the guest. */
  note(to: { readonly guest: GuestKey; readonly knock: string }, words: NoteWords): Promise<string>
  /** Another device signed up to here in a call that is this one's now. */
  follow(theirs: Stamps): void
  last(): Stamps
}

/** `now`: epoch ms by the server's clock. `before`: what was last used before a reload. */
export function createRoomClerk(identity: () => HostIdentity, now: () => number, before: Stamps): RoomClerk {
  const { roomId: room, device } = identity()
  let { stamp: last, sequence } = before

  /**
   * A server whose clock was once far ahead must not spoil what is signed for good: nobody believes a ticket of the
   * future. Rosters are only ever counted, so their sequence goes on from wherever it was.
   */
  function stamp(): number {
    const at = Math.round(now())
    last = last > at + clockSkewMs ? at : Math.max(last + 1, at)
    return last
  }

  function next(): number {
    sequence = Math.max(sequence + 1, stamp())
    return sequence
  }

  return {
    ticket(to) {
      const issuedAt = stamp()
      return issueTicket(device, { room, ...to, issuedAt, expiresAt: issuedAt + maxTicketMs })
    },
    roster: (call, guests) => issueRoster(device, { room, call, sequence: next(), guests }),
    end: (call) => issueEnd(device, { room, call, endedAt: stamp() }),
    async note({ guest, knock }, words) {
      const { certificate } = identity()
      const note = await issueNote(device, { room, guest, knock, sentAt: stamp(), ...words })
      return sealNote({ certificate, note }, { room, guestKey: guest })
    },
    follow(theirs) {
      last = Math.max(last, theirs.stamp)
      sequence = Math.max(sequence, theirs.sequence)
    },
    last: () => ({ stamp: last, sequence }),
  }
}
