import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Session } from '@alcove/shared/domain/session'
import type { HeldSession } from '@alcove/shared/protocol/own-device-messages'

/** The session as it goes into the journal or to another device: without what hangs on this page's connections. */
export function sleepSession<Kept extends Session>(session: Kept): Extract<HeldSession, { kind: Kept['kind'] }>
export function sleepSession(session: Session): HeldSession {
  if (session.kind === 'running') {
    const members = session.members.map(({ socket: _, linked: __, absentSinceAt: ___, ...kept }) => kept)
    return { ...session, members, removed: [...session.removed], restartOf: sleepRestart(session.restartOf) }
  }
  if (session.kind === 'ended') {
    return { ...session, former: [...session.former], wanting: session.wanting.map(({ here: _, ...kept }) => kept) }
  }
  return session
}

function sleepRestart(restartOf: Extract<Session, { kind: 'running' }>['restartOf']) {
  return restartOf && { call: restartOf.call, guests: [...restartOf.guests] }
}

/** `present`: whose socket is known to be there; everybody else is away until the server says otherwise. */
export function wakeSession<Kept extends HeldSession>(
  stored: Kept,
  now: number,
  present?: readonly GuestKey[],
): Extract<Session, { kind: Kept['kind'] }>
export function wakeSession(stored: HeldSession, now: number, present: readonly GuestKey[] = []): Session {
  if (stored.kind === 'running') {
    const members = stored.members.map((member) => {
      const isHere = present.includes(member.guest)
      return { ...member, socket: isHere ? ('here' as const) : ('away' as const), linked: false, absentSinceAt: isHere ? null : now }
    })
    return { ...stored, moves: stored.moves ?? 0, members }
  }
  if (stored.kind === 'ended') return { ...stored, wanting: stored.wanting.map((w) => ({ ...w, here: present.includes(w.guest) })) }
  return stored
}
