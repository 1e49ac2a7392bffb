import { asId, type MemberId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { words } from '../../../../../pwa/src/words/schedule.en.ts'
import { appointmentLabel, type LabelContext } from '../../../../../pwa/src/features/schedule/appointment-label.ts'
import { appointment, me, sam } from './examples.ts'

const context: LabelContext = { words, patients: [sam], members: [me], formatTime: (at) => new Date(at).toISOString().slice(11, 16) }

describe('the label of an appointment', () => {
  it('says by words what the box shows by place, colour and mark', () => {
    expect(appointmentLabel(appointment('2026-11-24', '09:00', 50), context)).toBe(
      '14:00 Sam Fox, Therapy Session, until 14:50, Dr. Ana Rivera, Scheduled, Telehealth',
    )
  })

  it('begins with the visible words: a status other than Scheduled, and who, where there are several', () => {
    const two = { ...context, members: [me, { ...me, id: asId<MemberId>('kofi'), name: 'Dr. Kofi Mensah' }] }
    const missed = appointment('2026-11-24', '09:00', 50, { status: 'noshow', useTelehealth: false })
    expect(appointmentLabel(missed, two)).toBe('14:00 Sam Fox, Missed, Therapy Session, Dr. Ana Rivera, until 14:50')
  })

  it('names time in which nobody is seen by its type, once, without telehealth', () => {
    const event = appointment('2026-11-24', '09:00', 50, { type: 'scheduled-event' })
    expect(appointmentLabel(event, context)).toBe('14:00 Scheduled Event, until 14:50, Dr. Ana Rivera, Scheduled')
  })
})
