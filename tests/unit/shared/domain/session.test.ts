import { asId, type AppointmentId, type CallId, type GuestKey } from '@alcove/shared/domain/ids'
import {
  holdSession,
  isFull,
  maxGuestsInSession,
  noSession,
  presentMembers,
  restartableCall,
  type Session,
  type SessionEffect,
  type SessionEvent,
} from '@alcove/shared/domain/session'
import type { Arrival } from '@alcove/shared/domain/waiting-room'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'

const at = 1000
const closesAt = 100_000
const call = asId<CallId>('call')
const newCall = asId<CallId>('new call')
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

function play(...events: SessionEvent[]) {
  let state: Session = noSession
  let effects: readonly SessionEffect[] = []
  for (const event of events) {
    const step = holdSession(state, event)
    state = step.state
    effects = step.effects
  }
  return { state, effects, kinds: effects.map(({ type }) => type) }
}

const start: SessionEvent = { type: 'start', call, appointmentId: asId<AppointmentId>('ten'), closesAt, at }
const accept = (name: string): SessionEvent => ({ type: 'accept', arrival: arrival(name), at })
const knock = (name: string, change: Partial<Arrival> = {}): SessionEvent => ({
  type: 'knock',
  arrival: arrival(name, change),
  present: true,
  newCall,
  at,
})
const bye = (name: string): SessionEvent => ({ type: 'bye', guest: key(name), at })
const remove = (name: string): SessionEvent => ({ type: 'remove', guest: key(name), at })
const presence = (name: string, word: 'away' | 'back' | 'left', when = at): SessionEvent => ({
  type: 'presence',
  guest: key(name),
  presence: word,
  newCall,
  at: when,
})
const link = (name: string, connected: boolean, when = at): SessionEvent => ({ type: 'link', guest: key(name), connected, at: when })
const members = (state: Session) => (state.kind === 'running' ? presentMembers(state).map(({ name }) => name) : [])

describe('admission', () => {
  it('takes who is accepted out of the queue, signs, and tells the others', () => {
    expect(play(start, accept('sam')).kinds).toEqual(['unqueue', 'admit', 'roster'])
    expect(play(accept('sam')).state).toBe(noSession)
  })

  it('stops at three guests', () => {
    const full = [start, accept('sam'), accept('kim'), accept('lee')]
    expect(play(...full, accept('max')).effects).toEqual([])
    expect(members(play(...full, accept('max')).state)).toEqual(['sam', 'kim', 'lee'])
  })

  it('admits a known guest again without a click, whatever the knock says', () => {
    for (const intent of ['arrive', 'return', 'restart'] as const) {
      expect(play(start, accept('sam'), knock('sam', { intent, knock: 'anew', call })).kinds).toContain('admit')
    }
    expect(play(start, knock('sam')).kinds).toEqual(['queue'])
    expect(play(start, accept('sam'), knock('kim', { intent: 'return', call })).kinds).toEqual(['queue'])
  })
})

describe('the end (S40)', () => {
  it('of two comes with the goodbye of the one guest', () => {
    const { state, effects } = play(start, accept('sam'), bye('sam'))
    expect(state).toMatchObject({ kind: 'ended', call, iWant: false, former: [{ guest: 'sam' }] })
    expect(effects).toEqual([{ type: 'end-call', call, guests: ['sam'] }])
  })

  it('of a group does not: the guest leaves alone, and is an ordinary arrival afterwards', () => {
    const left = play(start, accept('sam'), accept('kim'), bye('sam'))
    expect(left.kinds).toEqual(['dismiss', 'drop', 'roster'])
    expect(members(left.state)).toEqual(['kim'])
    expect(play(start, accept('sam'), accept('kim'), bye('sam'), knock('sam')).kinds).toEqual(['queue'])
  })

  it('by the clinician is for all, and starting another session ends the one before first', () => {
    expect(play(start, accept('sam'), accept('kim'), { type: 'end', at }).effects).toEqual([
      { type: 'end-call', call, guests: ['sam', 'kim'] },
    ])
    const next = play(start, accept('sam'), { ...start, call: newCall } as SessionEvent)
    expect(next.effects).toEqual([{ type: 'end-call', call, guests: ['sam'] }])
    expect(next.state).toMatchObject({ kind: 'running', call: newCall, members: [] })
  })

  it('turns away a page that comes back to what is over', () => {
    expect(play(start, accept('sam'), { type: 'end', at }, knock('sam', { intent: 'return', call })).effects).toEqual([
      { type: 'dismiss', guest: 'sam' },
    ])
    expect(play(start, accept('sam'), accept('kim'), remove('sam'), knock('sam', { intent: 'return', call })).kinds).toEqual([
      'tell',
      'dismiss',
    ])
    // On purpose, not by reconnecting, everybody may knock.
    expect(play(start, accept('sam'), accept('kim'), remove('sam'), knock('sam')).kinds).toEqual(['queue'])
  })
})

describe('absence', () => {
  const gone = [start, accept('sam'), accept('kim'), accept('lee'), presence('lee', 'left', 2000)]
  it('frees the place after 20 s without socket and link, not before', () => {
    expect(members(play(...gone, { type: 'tick', at: 21_999 }).state)).toHaveLength(3)
    const absent = play(...gone, { type: 'tick', at: 22_000 })
    expect(members(absent.state)).toEqual(['sam', 'kim'])
    expect(absent.kinds).toEqual(['roster'])
  })

  it('never begins while the link stands: the server may be wrong about a call that works', () => {
    const linked = [start, accept('sam'), link('sam', true), presence('sam', 'left', 2000)]
    expect(members(play(...linked, { type: 'tick', at: 90_000 }).state)).toEqual(['sam'])
    expect(members(play(...linked, link('sam', false, 50_000), { type: 'tick', at: 69_999 }).state)).toEqual(['sam'])
    expect(members(play(...linked, link('sam', false, 50_000), { type: 'tick', at: 70_000 }).state)).toEqual([])
  })

  it('keeps the right to come back, while there is a place', () => {
    const absent: SessionEvent[] = [...gone, { type: 'tick', at: 22_000 }]
    expect(play(...absent, knock('lee', { intent: 'return', call })).kinds).toContain('admit')
    const taken = play(...absent, accept('max'), knock('lee', { intent: 'return', call }))
    expect(taken.effects).toMatchObject([{ type: 'tell', what: 'full' }, { type: 'queue' }])
  })

  it('a link that comes back takes the place again', () => {
    const back = play(...gone, { type: 'tick', at: 22_000 }, link('lee', true, 23_000))
    expect(members(back.state)).toEqual(['sam', 'kim', 'lee'])
    expect(back.kinds).toEqual(['roster'])
  })
})

describe('the restart (S42)', () => {
  const over: SessionEvent[] = [start, accept('sam'), { type: 'end', at }]
  const restart: SessionEvent = { type: 'restart', newCall, at }
  const wants = (name = 'sam') => knock(name, { intent: 'restart', call })

  it('needs both, in either order', () => {
    expect(play(...over, restart).state.kind).toBe('ended')
    expect(play(...over, restart).kinds).toEqual(['offer-restart'])
    expect(play(...over, wants()).state.kind).toBe('ended')
    expect(play(...over, restart, wants()).state).toMatchObject({ kind: 'running', call: newCall, members: [{ guest: 'sam' }] })
    expect(play(...over, wants(), restart).state).toMatchObject({ kind: 'running', call: newCall, members: [{ guest: 'sam' }] })
  })

  it('waits for a guest who is away, and forgets one who left', () => {
    expect(play(...over, wants(), presence('sam', 'away'), restart).state.kind).toBe('ended')
    expect(play(...over, wants(), presence('sam', 'away'), restart, presence('sam', 'back')).state.kind).toBe('running')
    expect(play(...over, wants(), presence('sam', 'left'), restart).state.kind).toBe('ended')
    expect(play(...over, wants(), knock('sam'), restart).state.kind).toBe('ended')
  })

  it('is for those of that session only', () => {
    expect(play(...over, restart, wants('kim')).state.kind).toBe('ended')
    expect(play(...over, restart, wants('kim')).kinds).toEqual(['queue'])
    expect(play(...over, restart, knock('sam', { intent: 'restart', call: newCall })).kinds).toEqual(['queue'])
  })

  it('stands until the window closes or another session starts', () => {
    expect(play(...over, { type: 'tick', at: closesAt }).state.kind).toBe('ended')
    expect(play(...over, { type: 'tick', at: closesAt + 1 }).state).toBe(noSession)
    expect(play(...over, wants(), { type: 'restart', newCall, at: closesAt + 1 }).state.kind).toBe('ended')
    const another = play(...over, { ...start, call: newCall } as SessionEvent)
    expect(restartableCall(another.state)).toBeNull()
  })

  it('lets the others of a group in as they choose', () => {
    const group: SessionEvent[] = [start, accept('sam'), accept('kim'), { type: 'end', at }, restart, wants()]
    expect(members(play(...group).state)).toEqual(['sam'])
    expect(members(play(...group, wants('kim')).state)).toEqual(['sam', 'kim'])
    expect(play(...group, knock('kim')).kinds).toEqual(['queue'])
  })
})

it('whatever happens: never more than three guests have a place, and nobody is in who was not accepted', () => {
  const names = ['sam', 'kim', 'lee', 'max', 'ida']
  const name = fc.constantFrom(...names)
  const intents = fc.constantFrom('arrive' as const, 'return' as const, 'restart' as const)
  const event: fc.Arbitrary<SessionEvent> = fc.oneof(
    fc.constant(start),
    name.map(accept),
    fc.tuple(name, intents).map(([who, intent]) => knock(who, { intent, call })),
    name.map(bye),
    name.map(remove),
    fc
      .tuple(name, fc.constantFrom('away' as const, 'back' as const, 'left' as const), fc.nat(90_000))
      .map(([who, word, when]) => presence(who, word, when)),
    fc.tuple(name, fc.boolean(), fc.nat(90_000)).map(([who, on, when]) => link(who, on, when)),
    fc.constant<SessionEvent>({ type: 'end', at }),
    fc.constant<SessionEvent>({ type: 'restart', newCall: call, at }),
    fc.nat(90_000).map((when): SessionEvent => ({ type: 'tick', at: when })),
    fc.subarray(names).map((present): SessionEvent => ({ type: 'listed', guests: present.map(key), at })),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state: Session = noSession
      let accepted = new Set<string>()
      for (const one of events) {
        if (one.type === 'accept' && state.kind === 'running') accepted.add(one.arrival.guest)
        if (one.type === 'start') accepted = new Set()
        state = holdSession(state, one).state
        if (state.kind !== 'running') continue
        expect(presentMembers(state).length).toBeLessThanOrEqual(maxGuestsInSession)
        expect(isFull(state)).toBe(presentMembers(state).length === maxGuestsInSession)
        for (const member of state.members) expect(accepted.has(member.guest)).toBe(true)
      }
    }),
    { numRuns: 400 },
  )
})

it('gives places back one by one when several are back at once', () => {
  const away = (name: string) => presence(name, 'away')
  const tickAt: SessionEvent = { type: 'tick', at: at + 20_000 }
  const { state } = play(
    start,
    accept('ann'),
    accept('bob'),
    accept('cid'),
    away('cid'),
    tickAt,
    accept('dan'),
    away('bob'),
    away('dan'),
    tickAt,
    { type: 'tick', at: at + 60_000 },
    { type: 'listed', guests: ['ann', 'bob', 'cid', 'dan'].map(key), at: at + 61_000 },
  )
  expect(state.kind === 'running' && presentMembers(state)).toHaveLength(maxGuestsInSession)
})
