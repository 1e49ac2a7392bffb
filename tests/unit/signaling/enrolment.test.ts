import { asId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import { expect, it } from 'vitest'
import { createEnrolment, createLogEnrolment } from '../../../signaling/src/enrolment.ts'

const one = asId<SpaceId>('a'.repeat(43))
const other = asId<SpaceId>('b'.repeat(43))

it('a proof is for one name and one code, and comes of nothing else', () => {
  const enrolment = createLogEnrolment('open sesame')
  const proof = enrolment.enrol(one, 'open sesame') ?? ''
  expect(proof).toMatch(/^[\w-]{43}$/)
  expect([enrolment.enrol(one, 'open sesamf'), enrolment.enrol(one, '')]).toEqual([null, null])
  expect([enrolment.isEnrolled(one, proof), enrolment.isEnrolled(other, proof), enrolment.isEnrolled(one, '')]).toEqual([
    true,
    false,
    false,
  ])
  expect(enrolment.proofOf(one)).toBe(proof)
  expect(createLogEnrolment('open sesame').isEnrolled(one, proof)).toBe(true)
  expect(createLogEnrolment('another code').isEnrolled(one, proof)).toBe(false)
  expect(createEnrolment('a secret of coturn', 'open sesame').isEnrolled(one, proof)).toBe(false)
})
