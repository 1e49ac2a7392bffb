import { issueEnd, issueNote, issueRoster, issueTicket, maxTicketMs } from '@alcove/shared/crypto/admission'
import { sealNote } from '@alcove/shared/crypto/seal'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import type { NoteContents, RosterContents } from '@alcove/shared/protocol/peer-messages'
import type { HostIdentity } from '../../ports.ts'

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** A note without what every note says: to whom, about which knock, when. */
export type NoteWords = DistributiveOmit<NoteContents, 'room' | 'guest' | 'knock' | 'sentAt'>

/** Writes and signs what the clinician's device says. Its stamps only ever grow, over reloads too. */
export type RoomClerk = {
  ticket(to: { readonly guest: GuestKey; readonly knock: string; readonly call: CallId; readonly hostKey: string }): Promise<string>
  roster(call: CallId, guests: RosterContents['guests']): Promise<string>
  end(call: CallId): Promise<string>
  /** Signed, then sealed to the guest. */
  note(to: { readonly guest: GuestKey; readonly knock: string }, words: NoteWords): Promise<string>
  lastStamp(): number
}

/** `now`: epoch ms by the server's clock. `lastStamp`: the last one used before a reload. */
export function createRoomClerk(identity: HostIdentity, now: () => number, lastStamp: number): RoomClerk {
  const { roomId: room, device, certificate } = identity
  let last = lastStamp

  function stamp(): number {
    last = Math.max(last + 1, Math.round(now()))
    return last
  }

  return {
    ticket(to) {
      const issuedAt = stamp()
      return issueTicket(device, { room, ...to, issuedAt, expiresAt: issuedAt + maxTicketMs })
    },
    roster: (call, guests) => issueRoster(device, { room, call, sequence: stamp(), guests }),
    end: (call) => issueEnd(device, { room, call, endedAt: stamp() }),
    async note({ guest, knock }, words) {
      const note = await issueNote(device, { room, guest, knock, sentAt: stamp(), ...words })
      return sealNote({ certificate, note }, { room, guestKey: guest })
    },
    lastStamp: () => last,
  }
}
