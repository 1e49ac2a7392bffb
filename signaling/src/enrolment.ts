import { createHmac, scryptSync, timingSafeEqual } from 'node:crypto'
import type { RoomId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'

/** Who has shown the operator's code once: a room, a practice's space. Nothing is stored: the proof is checked, not looked up. */
export type Enrolment = {
  /** The proof, or null when the code is wrong. */
  enrol(name: RoomId | SpaceId, code: string): string | null
  isEnrolled(name: RoomId | SpaceId, proof: string): boolean
  proofOf(name: RoomId | SpaceId): string
}

/** Changing either the secret or the code ends every enrolment. */
export function createEnrolment(secret: string, code: string): Enrolment {
  const key = createHmac('sha256', secret).update(`alcove/enrolment-key/1\0${code}`).digest()
  const proofOf = (name: RoomId | SpaceId) => createHmac('sha256', key).update(`alcove/enrolment/1\0${name}`).digest('base64url')
  return {
    enrol: (name, tried) => (equal(tried, code) ? proofOf(name) : null),
    isEnrolled: (name, proof) => equal(proof, proofOf(name)),
    proofOf,
  }
}

/**
 * For space in the sealed log. A proof must count on a server that has lost its disk, so that nothing but the code is in it;
 * the long derivation is there because whoever has a proof could otherwise try codes.
 */
export function createLogEnrolment(code: string): Enrolment {
  return createEnrolment(scryptSync(code, 'alcove/log-enrolment/1', 32).toString('base64url'), code)
}

/** Takes the same time wherever the two differ. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'alcove/compare/1').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
