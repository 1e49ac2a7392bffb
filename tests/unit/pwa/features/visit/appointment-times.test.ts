import { describe, expect, it } from 'vitest'
import { appointmentTime } from '../../../../../pwa/src/features/visit/appointment-times.ts'

const startAt = Date.UTC(2026, 10, 23, 15)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const at = (offsetMs: number) => appointmentTime(startAt, startAt + offsetMs)

describe('the time on the patient’s page', () => {
  it('is unknown for a standing link, and for a hint that is long past: a link never changes', () => {
    expect(appointmentTime(null, startAt)).toEqual({ kind: 'unknown' })
    expect(at(5 * hourMs)).toMatchObject({ kind: 'known' })
    expect(at(5 * hourMs + 1)).toEqual({ kind: 'unknown' })
  })

  it('opens five hours before the start', () => {
    expect(at(-5 * hourMs - 1)).toMatchObject({ open: false })
    expect(at(-5 * hourMs)).toMatchObject({ open: true })
  })

  it('says late from ten minutes past the start', () => {
    expect(at(10 * minuteMs - 1)).toMatchObject({ late: false })
    expect(at(10 * minuteMs)).toMatchObject({ late: true })
  })
})
