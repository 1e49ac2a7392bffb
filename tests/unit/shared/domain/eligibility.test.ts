import { type Appointment, appointmentStatuses, appointmentTypes, type WallTime } from '@alcove/shared/domain/appointment'
import { type EligibilityInput, eligibility, type IneligibleReason, startWindow, startWindowMs } from '@alcove/shared/domain/eligibility'
import { type AppointmentId, asId, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
import { type Role, roles, telehealthTiers } from '@alcove/shared/domain/practice'
import { instantOf } from '@alcove/shared/domain/time'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'

const hourMs = 60 * 60 * 1000
const me = asId<MemberId>('me')
const colleague = asId<MemberId>('colleague')

function appointmentAt(start: WallTime, change: Partial<Appointment> = {}): Appointment {
  const startAt = instantOf(start)
  return {
    id: asId<AppointmentId>('appointment'),
    type: 'therapy-session',
    patientId: asId<PatientId>('patient'),
    clinicianId: me,
    start,
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + 50 * 60_000,
    firstStartAt: startAt,
    ...change,
  }
}

const fivePm = appointmentAt({ date: '2026-11-23', time: '17:00', zone: 'America/New_York' })

function inputFor(change: Partial<EligibilityInput> = {}): EligibilityInput {
  return { saved: fivePm, practice: { telehealth: 'basic' }, me: { id: me, roles: ['clinician'] }, now: fivePm.startAt, ...change }
}
const reasonOf = (change: Partial<EligibilityInput>): IneligibleReason | 'eligible' => {
  const result = eligibility(inputFor(change))
  return result.eligible ? 'eligible' : result.reason
}
const reasonWith = (change: Partial<Appointment>, now = fivePm.startAt) => reasonOf({ saved: { ...fivePm, ...change }, now })

describe('S9 the window', () => {
  const noon = Date.UTC(2026, 10, 23, 17)
  const tenPm = Date.UTC(2026, 10, 24, 3)

  test('S9 a session at 5:00 PM can be started from 12:00 PM to 10:00 PM, both included, to the millisecond', () => {
    expect(reasonOf({ now: noon - 1 })).toEqual({ kind: 'not-open-yet', opensAt: noon })
    expect(eligibility(inputFor({ now: noon }))).toEqual({ eligible: true, opensAt: noon, closesAt: tenPm })
    expect(eligibility(inputFor({ now: tenPm }))).toEqual({ eligible: true, opensAt: noon, closesAt: tenPm })
    expect(reasonOf({ now: tenPm + 1 })).toEqual({ kind: 'closed', closesAt: tenPm })
  })

  const clockChanges: readonly { name: string; start: WallTime; opensAt: number; closesAt: number }[] = [
    {
      name: 'New York skips an hour before the start: 23:00 of the day before to 10:00',
      start: { date: '2026-03-08', time: '05:00', zone: 'America/New_York' },
      opensAt: Date.UTC(2026, 2, 8, 4),
      closesAt: Date.UTC(2026, 2, 8, 14),
    },
    {
      name: 'New York skips an hour after the start: 19:00 of the day before to 06:00',
      start: { date: '2026-03-08', time: '00:00', zone: 'America/New_York' },
      opensAt: Date.UTC(2026, 2, 8, 0),
      closesAt: Date.UTC(2026, 2, 8, 10),
    },
    {
      name: 'New York repeats an hour before the start: the first 01:00 to 10:00',
      start: { date: '2026-11-01', time: '05:00', zone: 'America/New_York' },
      opensAt: Date.UTC(2026, 10, 1, 5),
      closesAt: Date.UTC(2026, 10, 1, 15),
    },
    {
      name: 'New York repeats an hour after the start: 19:00 of the day before to 04:00',
      start: { date: '2026-11-01', time: '00:00', zone: 'America/New_York' },
      opensAt: Date.UTC(2026, 9, 31, 23),
      closesAt: Date.UTC(2026, 10, 1, 9),
    },
    {
      name: 'Madrid skips an hour before the start: 23:00 of the day before to 10:00',
      start: { date: '2026-03-29', time: '05:00', zone: 'Europe/Madrid' },
      opensAt: Date.UTC(2026, 2, 28, 22),
      closesAt: Date.UTC(2026, 2, 29, 8),
    },
    {
      name: 'Madrid skips an hour after the start: 19:00 of the day before to 06:00',
      start: { date: '2026-03-29', time: '00:00', zone: 'Europe/Madrid' },
      opensAt: Date.UTC(2026, 2, 28, 18),
      closesAt: Date.UTC(2026, 2, 29, 4),
    },
    {
      name: 'Madrid repeats an hour after the start: 19:00 of the day before to 04:00',
      start: { date: '2026-10-25', time: '00:00', zone: 'Europe/Madrid' },
      opensAt: Date.UTC(2026, 9, 24, 17),
      closesAt: Date.UTC(2026, 9, 25, 3),
    },
    {
      name: 'Madrid repeats an hour before the start: the first 01:00 to 10:00',
      start: { date: '2026-10-25', time: '05:00', zone: 'Europe/Madrid' },
      opensAt: Date.UTC(2026, 9, 24, 23),
      closesAt: Date.UTC(2026, 9, 25, 9),
    },
  ]

  test.each(clockChanges)('S9 counts elapsed hours when $name', ({ start, opensAt, closesAt }) => {
    const saved = appointmentAt(start)
    expect(reasonOf({ saved, now: opensAt - 1 })).toEqual({ kind: 'not-open-yet', opensAt })
    expect(eligibility(inputFor({ saved, now: opensAt }))).toEqual({ eligible: true, opensAt, closesAt })
    expect(reasonOf({ saved, now: closesAt })).toBe('eligible')
    expect(reasonOf({ saved, now: closesAt + 1 })).toEqual({ kind: 'closed', closesAt })
    expect(closesAt - opensAt).toBe(10 * hourMs)
  })

  test('S9 a start in the hour that is skipped is an hour later, one in the repeated hour is the first', () => {
    const skipped = appointmentAt({ date: '2026-03-08', time: '02:30', zone: 'America/New_York' })
    expect(startWindow(skipped.startAt).opensAt).toBe(Date.UTC(2026, 2, 8, 2, 30))
    const repeated = appointmentAt({ date: '2026-10-25', time: '02:30', zone: 'Europe/Madrid' })
    expect(startWindow(repeated.startAt).opensAt).toBe(Date.UTC(2026, 9, 24, 19, 30))
  })

  test('S9 is five hours to either side of any start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -2 * startWindowMs, max: 2 * startWindowMs }), (startAt, offset) => {
        const eligible = reasonOf({ saved: { ...fivePm, startAt }, now: startAt + offset }) === 'eligible'
        expect(eligible).toBe(Math.abs(offset) <= 5 * hourMs)
      }),
    )
  })
})

describe('each rule alone', () => {
  test('S5 only the clinician on the appointment', () => {
    expect(reasonWith({ clinicianId: colleague })).toEqual({ kind: 'other-clinician', clinicianId: colleague })
  })

  test('S5 only with a patient', () => {
    expect(reasonWith({ patientId: null })).toEqual({ kind: 'no-patient' })
  })

  test.each(appointmentTypes)('S6 type %s', (type) => {
    const taken = type === 'scheduled-event' || type === 'vacation' || type === 'blackout-period'
    expect(reasonWith({ type })).toEqual(taken ? { kind: 'type' } : 'eligible')
  })

  test('S7 only with Use Telehealth', () => {
    expect(reasonWith({ useTelehealth: false })).toEqual({ kind: 'telehealth-not-selected' })
  })

  test.each([
    ['booked', 'eligible'],
    ['arrived', 'eligible'],
    ['fulfilled', 'eligible'],
    ['noshow', { kind: 'missed' }],
    ['cancelled', { kind: 'cancelled' }],
  ] as const)('S8 status %s', (status, expected) => {
    expect(reasonWith({ status })).toEqual(expected)
  })

  test('S10 an appointment that was never saved is not eligible', () => {
    expect(reasonOf({ saved: null })).toEqual({ kind: 'unsaved' })
  })

  test.each([
    ['off', { kind: 'telehealth-off' }],
    ['basic', 'eligible'],
    ['premium', 'eligible'],
  ] as const)('S1 telehealth %s', (telehealth, expected) => {
    expect(reasonOf({ practice: { telehealth } })).toEqual(expected)
  })

  test('S2 only with the Clinician role', () => {
    for (const mine of roleSets) {
      const expected = mine.includes('clinician') ? 'eligible' : { kind: 'not-a-clinician' }
      expect(reasonOf({ me: { id: me, roles: mine } }), mine.join()).toEqual(expected)
    }
  })

  test('a reason that stays comes before one that time resolves', () => {
    const early = fivePm.startAt - 6 * hourMs
    expect(reasonWith({ status: 'cancelled' }, early)).toEqual({ kind: 'cancelled' })
    expect(reasonWith({ useTelehealth: false }, early)).toEqual({ kind: 'telehealth-not-selected' })
    expect(reasonWith({}, early)).toEqual({ kind: 'not-open-yet', opensAt: fivePm.startAt - 5 * hourMs })
  })
})

const roleSets: readonly (readonly Role[])[] = Array.from({ length: 2 ** roles.length }, (_, bits) =>
  roles.filter((_, index) => bits & (1 << index)),
)
const offsets = [-6 * hourMs, -5 * hourMs - 1, -5 * hourMs, 0, 5 * hourMs, 5 * hourMs + 1, 6 * hourMs]

test('every combination of rules agrees with the rules as FEATURES words them', () => {
  let eligibleCases = 0
  let cases = 0
  for (const type of appointmentTypes)
    for (const status of appointmentStatuses)
      for (const telehealth of telehealthTiers)
        for (const mine of roleSets)
          for (const clinicianId of [me, colleague])
            for (const patientId of [fivePm.patientId, null])
              for (const useTelehealth of [true, false])
                for (const offset of offsets) {
                  const saved = { ...fivePm, type, status, clinicianId, patientId, useTelehealth }
                  const now = fivePm.startAt + offset
                  const expected =
                    ['therapy-intake', 'therapy-session', 'group-therapy', 'psychological-evaluation', 'consultation'].includes(type) &&
                    ['booked', 'arrived', 'fulfilled'].includes(status) &&
                    telehealth !== 'off' &&
                    mine.includes('clinician') &&
                    clinicianId === me &&
                    patientId !== null &&
                    useTelehealth &&
                    offset >= -18_000_000 &&
                    offset <= 18_000_000
                  const result = eligibility({ saved, practice: { telehealth }, me: { id: me, roles: mine }, now })
                  cases++
                  if (result.eligible) eligibleCases++
                  if (result.eligible !== expected) expect.fail(JSON.stringify({ saved, telehealth, mine, offset, result }))
                }
  expect(cases).toBe(53_760)
  expect(eligibleCases).toBe(5 * 3 * 2 * 4 * 3)
})
