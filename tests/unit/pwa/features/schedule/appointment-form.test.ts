import { asId, type MemberId } from '@alcove/shared/domain/ids'
import type { Member } from '@alcove/shared/domain/practice'
import { describe, expect, it } from 'vitest'
import { clinicianChoices, formOf, newForm, readForm, sameForm } from '../../../../../pwa/src/features/schedule/appointment-form.ts'
import { appointment, me, zone } from './examples.ts'

const now = Date.parse('2026-11-24T14:07:00Z')
const desk: Member = { ...me, id: asId<MemberId>('desk'), name: 'Pat Desk', roles: ['scheduler'] }

describe('the fields of the appointment dialog', () => {
  it('start with me, today, the next quarter of an hour, 50 minutes, Scheduled', () => {
    expect(newForm({ me, members: [me], now, zone })).toEqual({
      type: 'therapy-session',
      patientId: null,
      clinicianId: me.id,
      date: '2026-11-24',
      time: '09:15',
      zone,
      duration: '50',
      useTelehealth: false,
      status: 'booked',
    })
  })

  it('start with the first clinician for whoever is none, and where the calendar was clicked', () => {
    const form = newForm({ me: desk, members: [desk, me], now, zone, at: { date: '2027-01-02', time: '16:30' } })
    expect([form.clinicianId, form.date, form.time]).toEqual([me.id, '2027-01-02', '16:30'])
    expect(newForm({ me: desk, members: [desk], now, zone }).clinicianId).toBe(desk.id)
  })

  it('read back what was stored', () => {
    const stored = appointment('2026-11-24', '09:15', 45, { status: 'arrived' })
    const form = formOf(stored)
    const read = readForm(form)
    expect(read.ok && read.value.durationMinutes).toBe(45)
    expect(read.ok && read.value.start).toEqual(stored.start)
    expect(sameForm(form, formOf(stored))).toBe(true)
    expect(sameForm(form, { ...form, duration: '46' })).toBe(false)
  })

  it('name everything that is wrong at once', () => {
    const form = { ...newForm({ me, members: [me], now, zone }), date: '2026-02-30', time: '', duration: '0' }
    expect(readForm(form)).toEqual({ ok: false, error: ['date', 'time', 'duration'] })
    for (const duration of ['', '1441', '12.5', 'ten']) expect(readForm({ ...form, duration }).ok).toBe(false)
  })

  it('offer clinicians, and whoever is on the appointment already', () => {
    expect(clinicianChoices([me, desk], me.id)).toEqual([me])
    expect(clinicianChoices([me, desk], desk.id)).toEqual([me, desk])
  })
})
