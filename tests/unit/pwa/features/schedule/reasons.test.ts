import type { IneligibleReason } from '@alcove/shared/domain/eligibility'
import { asId, type MemberId } from '@alcove/shared/domain/ids'
import type { Member } from '@alcove/shared/domain/practice'
import { describe, expect, it } from 'vitest'
import { words as english } from '../../../../../pwa/src/words/schedule.en.ts'
import { words as spanish } from '../../../../../pwa/src/words/schedule.es.ts'
import { type ReasonContext, reasonSentences } from '../../../../../pwa/src/features/schedule/reasons.ts'
import { appointment, me } from './examples.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const kofi: Member = { ...me, id: asId<MemberId>('kofi'), name: 'Dr. Kofi Mensah', roles: ['clinician'] }
const desk: Member = { ...me, id: asId<MemberId>('desk'), name: 'Pat Desk', roles: ['scheduler'] }
const context: ReasonContext = {
  words: english,
  me,
  members: [me, kofi, desk],
  saved: appointment('2026-11-24', '12:00', 50, { type: 'vacation' }),
  now: noon,
  formatTime: (at) => new Date(at).toISOString().slice(11, 16),
  formatDay: (at) => new Date(at).toISOString().slice(0, 10),
  formatChoice: (names) => names.join(' or '),
}

describe('why an appointment cannot be started', () => {
  it('has at least one sentence for every reason, in both languages', () => {
    const reasons: readonly IneligibleReason[] = [
      { kind: 'unsaved' },
      { kind: 'telehealth-off' },
      { kind: 'not-a-clinician' },
      { kind: 'other-clinician', clinicianId: kofi.id },
      { kind: 'type' },
      { kind: 'no-patient' },
      { kind: 'telehealth-not-selected' },
      { kind: 'missed' },
      { kind: 'cancelled' },
      { kind: 'not-open-yet', opensAt: noon + 1 },
      { kind: 'closed', closesAt: noon - 1 },
    ]
    for (const words of [english, spanish]) {
      for (const reason of reasons) {
        const sentences = reasonSentences(reason, { ...context, words })
        expect(sentences.length, reason.kind).toBeGreaterThan(0)
        for (const sentence of sentences) expect(sentence, reason.kind).not.toMatch(/undefined|^$/)
      }
    }
  })

  it('says the plain words that are fixed', () => {
    expect(reasonSentences({ kind: 'missed' }, context)).toEqual(['Marked Missed'])
    expect(reasonSentences({ kind: 'not-open-yet', opensAt: noon + 3_600_000 }, context)).toEqual(['Opens at 13:00'])
    expect(reasonSentences({ kind: 'not-open-yet', opensAt: noon + 86_400_000 }, context)).toEqual(['Opens at 12:00, 2026-11-25'])
    expect(reasonSentences({ kind: 'closed', closesAt: noon - 60_000 }, context)).toEqual(['Closed at 11:59'])
    expect(reasonSentences({ kind: 'type' }, context)).toEqual(['A Vacation has no telehealth session.'])
  })

  it('names whom to ask, or the way for whoever may do it', () => {
    const off: IneligibleReason = { kind: 'telehealth-off' }
    expect(reasonSentences(off, { ...context, me: kofi })[1]).toBe(
      'Ask Dr. Ana Rivera, your Practice Administrator, to turn telehealth on.',
    )
    expect(reasonSentences(off, context)[1]).toBe('You can turn it on in Settings.')
    const two = [me, { ...kofi, roles: ['administrator'] as const }]
    expect(reasonSentences(off, { ...context, me: desk, members: two })[1]).toBe(
      'Ask Dr. Ana Rivera or Dr. Kofi Mensah, your Practice Administrators, to turn telehealth on.',
    )
    expect(reasonSentences(off, { ...context, me: desk, members: [desk] })[1]).toBe(
      'Ask your Practice Administrator to turn telehealth on.',
    )
    expect(reasonSentences({ kind: 'other-clinician', clinicianId: kofi.id }, context)).toEqual([
      'Only Dr. Kofi Mensah, the clinician on this appointment, can start it.',
    ])
  })
})
