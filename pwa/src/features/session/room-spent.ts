import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Session } from '@alcove/shared/domain/session'
import type { WaitingRoom } from '@alcove/shared/domain/waiting-room'

/** Knocks that were answered for good or came before a newer one. A server that says one again says nothing. */
export type SpentKnocks = {
  has(knock: string): boolean
  /** Has a knock that counts: waits, or is in the session. */
  isLive(guest: GuestKey): boolean
  /** Newest last, for the journal. */
  list(): readonly string[]
  restore(spent: readonly string[]): void
  /** Another device of the clinician answered it. That device may be gone one day, and then it counts again. */
  spare(knock: string): void
  /** After every change: what counted until now and does not any more is spent. */
  follow(waiting: WaitingRoom, session: Session): void
}

const maxSpent = 500

export function createSpentKnocks(): SpentKnocks {
  const spent = new Set<string>()
  const spared = new Set<string>()
  let live: ReadonlyMap<string, GuestKey> = new Map()

  return {
    has: (knock) => spent.has(knock),
    isLive: (guest) => [...live.values()].includes(guest),
    list: () => [...spent],
    restore(before) {
      for (const knock of before) spent.add(knock)
    },
    spare: (knock) => void spared.add(knock),
    follow(waiting, session) {
      const next = liveKnocks(waiting, session)
      for (const [knock, guest] of live) {
        // Whoever lost the connection may still come back with the same one.
        const isOver = !next.has(knock) && !waiting.departed.some((one) => one.guest === guest)
        if (isOver && !spared.delete(knock)) spent.add(knock)
      }
      // A session that was moved away has come back.
      for (const knock of next.keys()) spent.delete(knock)
      live = next
      for (const oldest of spent) {
        if (spent.size <= maxSpent) break
        spent.delete(oldest)
      }
    },
  }
}

function liveKnocks(waiting: WaitingRoom, session: Session): ReadonlyMap<string, GuestKey> {
  const members = session.kind === 'running' ? session.members : []
  const wanting = session.kind === 'ended' ? session.wanting : []
  return new Map([...waiting.people, ...members, ...wanting].map(({ knock, guest }) => [knock, guest]))
}
