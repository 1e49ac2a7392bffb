import { asId, type AppointmentId, type CallId, type GuestKey } from '@alcove/shared/domain/ids'
import { holdSession, noSession, type Session, type SessionEffect, type SessionEvent } from '@alcove/shared/domain/session'
import {
  answeredElsewhereMs,
  type Arrival,
  emptyWaitingRoom,
  isQuiet,
  type WaitingRoom,
  type WaitingRoomEvent,
  waitIn,
} from '@alcove/shared/domain/waiting-room'
import { describe, expect, it } from 'vitest'

const at = 1000
const call = asId<CallId>('call')
const key = (name: string) => asId<GuestKey>(name)

function arrival(name: string, change: Partial<Arrival> = {}): Arrival {
  return {
    guest: key(name),
    knock: `${name} knocks`,
    instance: 'page',
    name,
    owner: { kind: 'standing' },
    intent: 'arrive',
    call: null,
    ...change,
  }
}

describe('the waiting room of one of several devices', () => {
  function room(...events: WaitingRoomEvent[]): { readonly state: WaitingRoom; readonly told: number } {
    let state = emptyWaitingRoom
    let told = 0
    for (const event of events) {
      const step = waitIn(state, event)
      state = step.state
      told += step.effects.length
    }
    return { state, told }
  }
  const arrived = (change: Partial<Arrival> = {}, when = at): WaitingRoomEvent => ({
    type: 'arrived',
    arrival: arrival('sam', change),
    appointments: [],
    present: true,
    patienceMs: 10_000,
    at: when,
  })
  const answered = (knock = 'sam knocks'): WaitingRoomEvent => ({ type: 'answered-elsewhere', guest: key('sam'), knock, at })
  const tick = (when: number): WaitingRoomEvent => ({ type: 'tick', at: when })
  const returns = { intent: 'return', call } as const

  it('is quiet about whom another device answered, and rings again if the server says nothing', () => {
    expect(room(arrived()).state.announced).toBe('sam')
    expect(room(arrived(), answered()).state.announced).toBeNull()
    expect(room(arrived(), answered(), tick(at + answeredElsewhereMs - 1)).state.announced).toBeNull()
    expect(room(arrived(), answered(), tick(at + answeredElsewhereMs)).state.announced).toBe('sam')
  })

  it('is not quiet about another knock than the one that was answered', () => {
    expect(room(arrived(), answered('an older one')).state.announced).toBe('sam')
    expect(room(arrived(), answered(), arrived({ knock: 'anew' }, at + 1)).state.announced).toBe('sam')
  })

  it('gives another device a moment to take who returns to a call, and says nothing to them meanwhile', () => {
    const returning = room(arrived(returns))
    expect(returning).toMatchObject({ told: 0, state: { announced: null } })
    expect(isQuiet(returning.state.people[0] ?? never(), [], at)).toBe(true)
    expect(room(arrived(returns), tick(at + 9_999)).state.announced).toBeNull()
    expect(room(arrived(returns), tick(at + 10_000))).toMatchObject({ told: 1, state: { announced: 'sam' } })
  })

  it('leaves who returns to a call to the device that has it, for as long as it says so', () => {
    const claimed = (calls: readonly CallId[], when: number): WaitingRoomEvent => ({ type: 'claimed', calls, at: when })
    const long = room(claimed([call], at), arrived(returns), tick(at + 60_000))
    expect(long).toMatchObject({ told: 0, state: { announced: null } })
    expect(room(claimed([call], at), arrived(returns), claimed([], at + 60_000)).state.announced).toBe('sam')
    expect(room(claimed([call], at), arrived()).state.announced).toBe('sam')
  })
})

describe('the session of one of several devices', () => {
  function play(...events: SessionEvent[]) {
    let state: Session = noSession
    let effects: readonly SessionEffect[] = []
    for (const event of events) {
      const step = holdSession(state, event)
      state = step.state
      effects = step.effects
    }
    return { state, kinds: effects.map(({ type }) => type) }
  }
  const start: SessionEvent = { type: 'start', call, appointmentId: asId<AppointmentId>('ten'), closesAt: 100_000, at }
  const accept = (name: string): SessionEvent => ({ type: 'accept', arrival: arrival(name), at })

  function running(...events: SessionEvent[]) {
    const { state } = play(start, ...events)
    return state.kind === 'running' ? state : never()
  }

  it('that comes from another one admits everybody who has a place, and nobody else', () => {
    const session = running(accept('sam'), accept('kim'))
    const absent = { ...session, members: session.members.map((m) => ({ ...m, absent: m.name === 'kim' })) }
    const taken = play({ type: 'take', session: absent })
    expect(taken.kinds).toEqual(['admit', 'roster'])
    expect(taken.state).toEqual(absent)
  })

  it('never takes the place of one that runs', () => {
    const mine = running(accept('lou'))
    const other = { ...running(accept('sam')), call: asId<CallId>('other') }
    expect(holdSession(mine, { type: 'take', session: other })).toEqual({ state: mine, effects: [] })
  })

  it('that goes to another one lets go of everybody and ends for nobody', () => {
    expect(play(start, accept('sam'), accept('kim'), { type: 'give' })).toEqual({ state: noSession, kinds: ['drop', 'drop'] })
  })

  it('that could not be moved admits everybody anew, and counts as moved later than the other one', () => {
    const resumed = play(start, accept('sam'), { type: 'resume', moves: 2 })
    expect(resumed).toMatchObject({ kinds: ['admit', 'roster'], state: { moves: 2, members: [{ name: 'sam' }] } })
  })

  it('gives up an admission that came too late, and does not count it as a removal', () => {
    const withdrawn = play(start, accept('sam'), { type: 'withdraw', guest: key('sam') })
    expect(withdrawn).toMatchObject({ kinds: ['drop', 'roster'], state: { members: [], removed: [] } })
    expect(play(start, accept('kim'), { type: 'withdraw', guest: key('sam') }).kinds).toEqual([])
  })
})

function never(): never {
  throw new Error('Not what the test set up')
}
