import { asId, type AppointmentId, type MemberId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { sessionList } from '../../../../../pwa/src/features/session/upcoming-sessions.ts'
import { exampleAppointment, me } from '../../../../support/session/examples.ts'

const hourMs = 60 * 60 * 1000
const now = 10 * hourMs

const list = (appointments: ReturnType<typeof exampleAppointment>[], running: string | null = null, awaited: string[] = []) => {
  const { current, upcoming } = sessionList({
    appointments,
    me,
    running: running === null ? null : asId<AppointmentId>(running),
    awaited: new Set(awaited.map((id) => asId<AppointmentId>(id))),
    now,
  })
  return { current: current?.id ?? null, upcoming: upcoming.map(({ id }) => id) }
}

describe('the sessions in the Schedule tab', () => {
  it('S33 lists the running one and those still to come, by start', () => {
    const appointments = [
      exampleAppointment('later', now + 2 * hourMs),
      exampleAppointment('running', now - hourMs / 2),
      exampleAppointment('next', now + hourMs),
    ]
    expect(list(appointments, 'running')).toEqual({ current: 'running', upcoming: ['next', 'later'] })
  })

  it('leaves out what is over, unless somebody still waits for it', () => {
    const appointments = [exampleAppointment('over', now - 3 * hourMs), exampleAppointment('next', now + hourMs)]
    expect(list(appointments).upcoming).toEqual(['next'])
    expect(list(appointments, null, ['over']).upcoming).toEqual(['over', 'next'])
  })

  it('keeps the next one in sight when the running one overruns it', () => {
    const appointments = [exampleAppointment('running', now - 3 * hourMs), exampleAppointment('next', now - 2 * hourMs)]
    expect(list(appointments, 'running').upcoming).toEqual(['next'])
  })

  it('keeps those that cannot be started, so that the reason can be read', () => {
    expect(list([exampleAppointment('missed', now + hourMs, { status: 'noshow' })]).upcoming).toEqual(['missed'])
  })

  it('leaves out other clinicians, other types and appointments without telehealth or patient', () => {
    const appointments = [
      exampleAppointment('other', now + hourMs, { clinicianId: asId<MemberId>('other') }),
      exampleAppointment('vacation', now + hourMs, { type: 'vacation' }),
      exampleAppointment('in-person', now + hourMs, { useTelehealth: false }),
      exampleAppointment('nobody', now + hourMs, { patientId: null }),
    ]
    expect(list(appointments)).toEqual({ current: null, upcoming: [] })
  })
})
