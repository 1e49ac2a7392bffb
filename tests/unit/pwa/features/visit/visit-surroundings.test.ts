import { describe, expect, it } from 'vitest'
import type { VisitPhase, VisitState } from '../../../../../pwa/src/features/visit/visit-state.ts'
import { createVisitSurroundings } from '../../../../../pwa/src/features/visit/visit-surroundings.ts'
import { exampleCard } from '../../../../support/visit/test-link.ts'

function surround() {
  const log: string[] = []
  let listener: (state: VisitState) => void = () => undefined
  let state: VisitState = { card: exampleCard, startAt: null, signaling: { kind: 'open' }, clockOffsetMs: 0, phase: { kind: 'welcome' } }
  createVisitSurroundings({
    visit: {
      state: () => state,
      subscribe(next) {
        listener = next
        return () => undefined
      },
    },
    media: { open: async () => void log.push('open'), close: () => log.push('close') },
    sound: { softTone: () => log.push('tone') },
    page: { setTitle: () => undefined },
    title: (kind) => kind,
  })
  return {
    log,
    to(phase: VisitPhase) {
      state = { ...state, phase }
      listener(state)
    },
  }
}

const waiting: VisitPhase = { kind: 'waiting', sinceAt: 0, heard: false, moment: false }
const running: VisitPhase = { kind: 'in-session', startedAt: 0, people: [], group: false, clinicianGone: false, tampered: false }

describe('around a visit', () => {
  it('opens the devices at once, says by a tone that the door is open, and lets the devices go at the end', () => {
    const { log, to } = surround()
    to(waiting)
    to({ ...waiting, heard: true })
    to(running)
    to({ ...running, clinicianGone: true })
    to({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: false })
    to({ kind: 'ended', iWantRestart: true, clinicianWantsRestart: false })
    to(running)
    expect(log).toEqual(['open', 'open', 'open', 'tone', 'close', 'open'])
  })

  it('holds no camera while somebody reads that it is too early or was declined', () => {
    const { log, to } = surround()
    to({ kind: 'early', startAt: 1, opensAt: 0 })
    to(waiting)
    to({ kind: 'declined' })
    expect(log).toEqual(['open', 'close', 'open', 'close'])
  })
})
