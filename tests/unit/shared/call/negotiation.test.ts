import {
  type Candidate,
  createNegotiation,
  maxHeldCandidates,
  type NegotiationEvent,
  type NegotiationState,
  negotiate,
  type RemoteCandidates,
  type RemoteDescription,
} from '@alcove/shared/call/negotiation'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'

const candidate = (text: string): Candidate => ({ candidate: text, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null })
const offer = (generation: string, sdp = 'offer'): RemoteDescription => ({ type: 'description', generation, kind: 'offer', sdp })
const answer = (generation: string, sdp = 'answer'): RemoteDescription => ({ type: 'description', generation, kind: 'answer', sdp })

function after(state: NegotiationState, ...events: NegotiationEvent[]) {
  return events.reduce(
    (step, event) => {
      const next = negotiate(step.state, event)
      return { state: next.state, effects: [...step.effects, ...next.effects] }
    },
    { state, effects: [] as ReturnType<typeof negotiate>['effects'][number][] },
  )
}
const kinds = (effects: readonly { readonly type: string }[]) => effects.map(({ type }) => type)

describe('negotiation', () => {
  it('goes from the offer to the answer', () => {
    const clinician = after(
      createNegotiation(false),
      { type: 'open', generation: 'a' },
      { type: 'negotiation-needed' },
      { type: 'offer-made', sdp: 'o' },
    )
    expect(kinds(clinician.effects)).toEqual(['build', 'make-offer', 'send'])
    const patient = after(createNegotiation(true), offer('a', 'o'), { type: 'offer-taken', sdp: 'n' })
    expect(patient.effects).toEqual([
      { type: 'build', generation: 'a' },
      { type: 'take-offer', sdp: 'o' },
      { type: 'send', description: answer('a', 'n') },
    ])
    const agreed = after(clinician.state, answer('a', 'n'), { type: 'answer-taken' })
    expect(agreed.state).toMatchObject({ signaling: 'stable', hasRemoteDescription: true, step: null })
  })

  it('of the polite side cannot begin by itself', () => {
    expect(after(createNegotiation(true), { type: 'open', generation: 'a' }, { type: 'negotiation-needed' }).effects).toEqual([])
  })

  it('drops what belongs to another generation', () => {
    const { state } = after(
      createNegotiation(false),
      { type: 'open', generation: 'a' },
      { type: 'negotiation-needed' },
      { type: 'offer-made', sdp: 'o' },
    )
    expect(after(state, answer('b')).effects).toEqual([])
    expect(after(state, { type: 'candidates', generation: 'b', candidates: [candidate('x')] }).state.held).toEqual([])
    expect(after(state, offer('b')).state.generation).toBe('a')
  })

  it('of the polite side follows a newer generation, and never goes back to one that was replaced', () => {
    const { state } = after(createNegotiation(true), offer('a'), { type: 'offer-taken', sdp: 'n' }, offer('b'))
    expect(state).toMatchObject({ generation: 'b', step: 'taking-offer' })
    const back = after(state, offer('a'))
    expect(back.effects).toEqual([])
    expect(back.state.generation).toBe('b')
  })

  it('holds candidates until the description they belong to is in, and no more than a hundred', () => {
    const early: RemoteCandidates = { type: 'candidates', generation: 'a', candidates: [candidate('1'), candidate('2')] }
    const taking = after(createNegotiation(true), offer('a'), early)
    expect(kinds(taking.effects)).toEqual(['build', 'take-offer'])
    const taken = after(taking.state, { type: 'offer-taken', sdp: 'n' })
    expect(taken.effects.at(-1)).toEqual({ type: 'add-candidates', candidates: early.candidates })
    const many = { ...early, candidates: Array.from({ length: 90 }, (_, index) => candidate(String(index))) }
    expect(after(taking.state, many, many).state.held).toHaveLength(maxHeldCandidates)
  })

  it('in a collision the polite side yields and the impolite one ignores', () => {
    const agreed = (polite: boolean) =>
      polite
        ? after(createNegotiation(true), offer('a'), { type: 'offer-taken', sdp: 'n' }).state
        : after(
            createNegotiation(false),
            { type: 'open', generation: 'a' },
            { type: 'negotiation-needed' },
            { type: 'offer-made', sdp: 'o' },
            answer('a'),
            { type: 'answer-taken' },
          ).state
    const both = [true, false].map((polite) =>
      after(agreed(polite), { type: 'negotiation-needed' }, offer('a', 'theirs'), { type: 'offer-made', sdp: 'mine' }),
    )
    expect(both.map(({ effects }) => kinds(effects))).toEqual([
      ['make-offer', 'send', 'take-offer'],
      ['make-offer', 'send'],
    ])
  })

  it('says when a step failed, and goes on with what waits', () => {
    const failed = after(createNegotiation(true), offer('a'), offer('a', 'second'), { type: 'step-failed' })
    expect(kinds(failed.effects)).toEqual(['build', 'take-offer', 'broken', 'take-offer'])
  })

  it('ignores the outcome of a step that is not running', () => {
    const { state } = after(createNegotiation(true), offer('a'), { type: 'offer-taken', sdp: 'n' })
    for (const type of ['offer-taken', 'offer-made', 'answer-taken', 'step-failed'] as const) {
      expect(negotiate(state, { type, sdp: 'x' } as NegotiationEvent)).toEqual({ state, effects: [] })
    }
  })
})

/** Two sides, each with a browser that checks W3C's states, and a line in between that keeps the order. */
function createPair() {
  type Message = RemoteDescription | RemoteCandidates
  const make = (polite: boolean) => ({
    state: createNegotiation(polite),
    browser: 'none' as 'none' | 'stable' | 'have-local-offer',
    pending: [] as (() => void)[],
    inbox: [] as Message[],
    built: 0,
  })
  const sides = { clinician: make(false), patient: make(true) }
  type Name = keyof typeof sides
  const other = (name: Name): Name => (name === 'clinician' ? 'patient' : 'clinician')
  let counter = 0

  function feed(name: Name, event: NegotiationEvent): void {
    const side = sides[name]
    const step = negotiate(side.state, event)
    side.state = step.state
    for (const effect of step.effects) {
      const { built } = side
      const later = (run: () => void) => side.pending.push(() => side.built === built && run())
      switch (effect.type) {
        case 'build':
          side.built += 1
          side.browser = 'stable'
          side.pending = []
          break
        case 'make-offer':
          expect(side.browser).toBe('stable')
          later(() => {
            side.browser = 'have-local-offer'
            feed(name, { type: 'offer-made', sdp: `offer ${counter++}` })
          })
          break
        case 'take-offer':
          expect(side.state.polite || side.browser === 'stable').toBe(true)
          later(() => {
            const rolledBack = side.browser === 'have-local-offer'
            side.browser = 'stable'
            feed(name, { type: 'offer-taken', sdp: `answer ${counter++}` })
            // The browser still wants what was rolled back.
            if (rolledBack) feed(name, { type: 'negotiation-needed' })
          })
          break
        case 'take-answer':
          expect(side.browser).toBe('have-local-offer')
          later(() => {
            side.browser = 'stable'
            feed(name, { type: 'answer-taken' })
          })
          break
        case 'add-candidates':
          expect(side.state.hasRemoteDescription).toBe(true)
          break
        case 'send':
          sides[other(name)].inbox.push(effect.description)
          break
      }
    }
  }

  return {
    sides,
    feed,
    open() {
      feed('clinician', { type: 'open', generation: `generation ${counter++}` })
      feed('clinician', { type: 'negotiation-needed' })
    },
    work(name: Name) {
      sides[name].pending.shift()?.()
    },
    deliver(name: Name) {
      const message = sides[name].inbox.shift()
      if (message) feed(name, message)
    },
    trickle(name: Name) {
      const { generation } = sides[name].state
      if (generation) sides[other(name)].inbox.push({ type: 'candidates', generation, candidates: [candidate('x')] })
    },
    isBusy: () => Object.values(sides).some(({ pending, inbox }) => pending.length + inbox.length > 0),
  }
}

it('whatever is interleaved, both sides end stable in the same generation', () => {
  const action = fc.oneof(
    { weight: 1, arbitrary: fc.constant('open') },
    { weight: 2, arbitrary: fc.constantFrom('clinician wants', 'patient wants', 'clinician trickles', 'patient trickles') },
    { weight: 8, arbitrary: fc.constantFrom('clinician works', 'patient works', 'clinician hears', 'patient hears') },
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const pair = createPair()
      pair.open()
      for (const name of actions) {
        if (name === 'open') pair.open()
        const who = name.startsWith('clinician') ? 'clinician' : 'patient'
        if (name.endsWith('wants') && pair.sides[who].state.hasRemoteDescription) pair.feed(who, { type: 'negotiation-needed' })
        if (name.endsWith('trickles')) pair.trickle(who)
        if (name.endsWith('works')) pair.work(who)
        if (name.endsWith('hears')) pair.deliver(who)
      }
      for (let rounds = 0; pair.isBusy(); rounds++) {
        expect(rounds).toBeLessThan(500)
        for (const who of ['clinician', 'patient'] as const) {
          pair.work(who)
          pair.deliver(who)
        }
      }
      const { clinician, patient } = pair.sides
      expect(patient.state.generation).toBe(clinician.state.generation)
      for (const side of [clinician, patient]) {
        expect(side.browser).toBe('stable')
        expect(side.state).toMatchObject({ signaling: 'stable', step: null, hasRemoteDescription: true, waiting: [], offerWanted: false })
      }
    }),
    { numRuns: 500 },
  )
})
