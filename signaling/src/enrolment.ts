import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RoomId } from '@alcove/shared/domain/ids'

/** Rooms that have shown the operator's code once. Nothing is stored: the proof is checked, not looked up. */
export type Enrolment = {
  /** The proof for this room, or null when the code is wrong. */
  enrol(room: RoomId, code: string): string | null
  isEnrolled(room: RoomId, proof: string): boolean
}

/** Changing either the secret or the code ends every enrolment. */
export function createEnrolment(turnSecret: string, code: string): Enrolment {
  const key = createHmac('sha256', turnSecret).update(`alcove/enrolment-key/1\0${code}`).digest()
  const proofOf = (room: RoomId) => createHmac('sha256', key).update(`alcove/enrolment/1\0${room}`).digest('base64url')
  return {
    enrol: (room, tried) => (equal(tried, code) ? proofOf(room) : null),
    isEnrolled: (room, proof) => equal(proof, proofOf(room)),
  }
}

/** Takes the same time wherever the two differ. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'alcove/compare/1').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
