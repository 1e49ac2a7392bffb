import { asId, type CallId } from '@alcove/shared/domain/ids'
import { resumeVisit, visit, type VisitPhase } from '@alcove/shared/domain/visit'
import { describe, expect, it } from 'vitest'

const call = asId<CallId>('call')
const phases: readonly VisitPhase[] = [
  { kind: 'waiting', sinceAt: 0, heard: true, moment: false },
  { kind: 'early', startAt: 2, opensAt: 1 },
  { kind: 'full' },
  { kind: 'in-session', call, startedAt: 0 },
  { kind: 'ended', call, iWantRestart: true, clinicianWantsRestart: false },
]

describe('a guest who was sent away', () => {
  it.each(phases)('from $kind does not knock again by coming back to the server', (phase) => {
    const sent = visit({ ...resumeVisit(phase, null), knock: 'sent' }, { type: 'dismissed', linked: false })
    const back = visit(sent.state, { type: 'ready', server: 'new', at: 5 })
    expect(back.effects.filter(({ type }) => type === 'knock')).toEqual([])
  })

  it('may choose to restart once more', () => {
    const wanting = resumeVisit({ kind: 'ended', call, iWantRestart: true, clinicianWantsRestart: true }, null)
    const sent = visit({ ...wanting, knock: 'sent' }, { type: 'dismissed', linked: false })
    expect(visit(sent.state, { type: 'restart', at: 6 }).effects).toEqual([{ type: 'knock', wish: { intent: 'restart', call } }])
  })
})
