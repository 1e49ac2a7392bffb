import { randomId } from '@alcove/shared/crypto/bytes'
import { asId, type CallId } from '@alcove/shared/domain/ids'
import type { Session } from '@alcove/shared/domain/session'

export function newCall(): CallId {
  return asId(randomId())
}

/** The call that runs now, if one does. */
export function callOf(session: Session): CallId | null {
  return session.kind === 'running' ? session.call : null
}
