import { describe, expect, it } from 'vitest'
import { type ServerReach, serverReach, visitPlace } from '../../../../../pwa/src/features/visit/visit-place.ts'
import type { VisitPhase } from '../../../../../pwa/src/features/visit/visit-state.ts'
import type { SocketState } from '../../../../../pwa/src/ports.ts'

const waiting: VisitPhase = { kind: 'waiting', sinceAt: 0, heard: false, moment: false }
const connecting: SocketState = { kind: 'connecting' }
const retrying: SocketState = { kind: 'waiting-to-retry', retryAt: 0 }
const open: SocketState = { kind: 'open' }

/** The views that a row of socket states leads through while somebody waits. */
function places(states: readonly SocketState[]): readonly string[] {
  let reach: ServerReach = 'trying'
  return states.map((signaling) => {
    reach = serverReach(reach, { signaling, phase: waiting })
    const place = visitPlace({ signaling, phase: waiting }, reach)
    return place === 'server' ? reach : place
  })
}

describe('what stands on the patient’s page', () => {
  it('never says "waiting room" before the server has answered', () => {
    expect(places([connecting, open])).toEqual(['trying', 'waiting'])
  })

  it('keeps saying that the server cannot be reached while it is tried again', () => {
    expect(places([connecting, retrying, connecting, retrying, open])).toEqual(['trying', 'failed', 'failed', 'failed', 'waiting'])
  })

  it('keeps the waiting room on the screen when the server is lost: the place is kept', () => {
    expect(places([open, retrying, connecting, open])).toEqual(['waiting', 'waiting', 'waiting', 'waiting'])
  })

  it('stops when the server says no', () => {
    expect(places([open, { kind: 'refused', code: 'replaced' }])).toEqual(['waiting', 'stopped'])
  })

  it('has one place for every phase', () => {
    const place = (phase: VisitPhase) => visitPlace({ signaling: open, phase }, 'trying')
    expect(place({ kind: 'welcome' })).toBe('welcome')
    expect(place({ kind: 'ended', iWantRestart: false, clinicianWantsRestart: false })).toBe('session')
    for (const kind of ['declined', 'removed', 'replaced-link', 'full', 'left'] as const) expect(place({ kind })).toBe('stopped')
    expect(place({ kind: 'early', startAt: 0, opensAt: 0 })).toBe('stopped')
  })
})
