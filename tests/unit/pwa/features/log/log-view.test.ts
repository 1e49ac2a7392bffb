import { describe, expect, it } from 'vitest'
import type { Admission } from '../../../../../pwa/src/features/log/log-admission.ts'
import { type LogFacts, sameLogState, viewLog } from '../../../../../pwa/src/features/log/log-view.ts'

const inside: Admission = { kind: 'in', usedBytes: 1, quotaBytes: 2 }
const facts = (change: Partial<LogFacts>): LogFacts => ({
  hasPractice: true,
  admission: inside,
  sinceAt: 9,
  incidents: [],
  isPaused: false,
  catchingUp: null,
  isSaving: false,
  full: null,
  space: null,
  ...change,
})

describe('what the screen knows of the log', () => {
  it.each<[string, Partial<LogFacts>, object]>([
    ['nothing without a practice', { hasPractice: false }, { kind: 'off' }],
    ['that the server keeps none', { admission: { kind: 'off' } }, { kind: 'off' }],
    ['since when it is not reached', { admission: { kind: 'lost' } }, { kind: 'offline', sinceAt: 9 }],
    ['that a code is asked for', { admission: { kind: 'needs-enrolment', refused: true } }, { kind: 'needs-enrolment', refused: true }],
    ['that another device has to let this one in', { admission: { kind: 'not-admitted' } }, { kind: 'not-admitted' }],
    ['that this device is no longer let in', { admission: { kind: 'removed' } }, { kind: 'removed' }],
    ['that the server has no room for the practice', { admission: { kind: 'full' } }, { kind: 'full', whose: 'server' }],
    ['how far the reading is', { catchingUp: { done: 1, total: 3 } }, { kind: 'catching-up', done: 1, total: 3 }],
    ['that it was stopped', { catchingUp: { done: 1, total: 3 }, isPaused: true }, { kind: 'paused', done: 1, total: 3 }],
    [
      'that the space is full, also while something is to be saved',
      { full: 'practice', isSaving: true },
      { kind: 'full', whose: 'practice' },
    ],
    ['that something is being saved', { isSaving: true }, { kind: 'saving' }],
    ['that all is there', {}, { kind: 'current' }],
    ['that all is there, though a reading that is over was stopped', { isPaused: true }, { kind: 'current' }],
  ])('is %s', (_, change, line) => {
    expect(viewLog(facts(change)).line).toEqual(line)
  })

  it('is the same until something in it is not', () => {
    const incidents = [] as const
    const one = viewLog(facts({ incidents, space: { usedBytes: 1, quotaBytes: 2 } }))
    expect(sameLogState(one, viewLog(facts({ incidents, space: { usedBytes: 1, quotaBytes: 2 } })))).toBe(true)
    expect(sameLogState(one, viewLog(facts({ incidents, space: { usedBytes: 2, quotaBytes: 2 } })))).toBe(false)
    expect(sameLogState(one, viewLog(facts({ incidents, space: { usedBytes: 1, quotaBytes: 2 }, isSaving: true })))).toBe(false)
    expect(sameLogState(one, viewLog(facts({ incidents: [], space: { usedBytes: 1, quotaBytes: 2 } })))).toBe(false)
  })
})
