import type { VisitState } from './visit-state.ts'

/** Which of the page's views stands there. `server`: between **Join Waiting Room** and the waiting room. */
export type VisitPlace = 'welcome' | 'server' | 'waiting' | 'stopped' | 'session'

/** What became of the server since **Join Waiting Room**. A lost one keeps the place in the queue for a while. */
export type ServerReach = 'trying' | 'failed' | 'reached'

export function serverReach(before: ServerReach, { signaling, phase }: Pick<VisitState, 'signaling' | 'phase'>): ServerReach {
  if (phase.kind !== 'waiting' || signaling.kind === 'refused') return 'trying'
  if (signaling.kind === 'open' || before === 'reached') return 'reached'
  return signaling.kind === 'waiting-to-retry' ? 'failed' : before
}

export function visitPlace({ signaling, phase }: Pick<VisitState, 'signaling' | 'phase'>, reach: ServerReach): VisitPlace {
  switch (phase.kind) {
    case 'welcome':
      return 'welcome'
    case 'in-session':
    case 'ended':
      return 'session'
    case 'waiting':
      if (signaling.kind === 'refused') return 'stopped'
      return reach === 'reached' ? 'waiting' : 'server'
    default:
      return 'stopped'
  }
}
