import { asId, type CallId, type DeviceKey } from '@alcove/shared/domain/ids'
import {
  maySpeak,
  moveSession,
  noMove,
  type SessionMove,
  type SessionMoveEffect,
  type SessionMoveEvent,
} from '@alcove/shared/domain/session-move'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'

const [laptop, phone] = [asId<DeviceKey>('laptop'), asId<DeviceKey>('phone')]
const call = asId<CallId>('call')

function run(start: SessionMove, ...events: readonly SessionMoveEvent[]) {
  const effects: SessionMoveEffect[] = []
  let state = start
  for (const event of events) {
    const step = moveSession(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects: effects.map(({ type }) => type) }
}

const want: SessionMoveEvent = { type: 'want', from: laptop, call, at: 0 }
const given: SessionMoveEvent = { type: 'given', by: laptop, call, running: true, at: 100 }
const handed: SessionMoveEvent = { type: 'handed-over', call, toMe: true, at: 200 }
const asked: SessionMoveEvent = { type: 'asked', by: phone, call, have: 'running', at: 0 }
const tick = (at: number, change: Partial<Extract<SessionMoveEvent, { type: 'tick' }>> = {}): SessionMoveEvent => ({
  type: 'tick',
  online: true,
  together: false,
  at,
  ...change,
})

describe('the device that asks for the session', () => {
  it("takes it once it has both words, the other device's and the server's, in either order", () => {
    expect(run(noMove, want, given).effects).toEqual(['ask'])
    expect(run(noMove, want, given, handed)).toMatchObject({ state: { kind: 'arriving' }, effects: ['ask', 'take'] })
    expect(run(noMove, want, handed, given)).toMatchObject({ state: { kind: 'arriving' }, effects: ['ask', 'take'] })
  })

  it('lets the other one go when everybody is connected, or after eight seconds', () => {
    expect(run(noMove, want, given, handed, tick(300)).effects).toEqual(['ask', 'take'])
    expect(run(noMove, want, given, handed, tick(300, { together: true })).effects).toEqual(['ask', 'take', 'taken'])
    expect(run(noMove, want, given, handed, tick(8199)).effects).toEqual(['ask', 'take'])
    expect(run(noMove, want, given, handed, tick(8200))).toMatchObject({ state: noMove, effects: ['ask', 'take', 'taken'] })
  })

  it('takes an ended session, or one in which nobody ever was, without the server', () => {
    expect(run(noMove, want, { ...given, running: false }).effects).toEqual(['ask', 'take', 'taken'])
    expect(run(noMove, want, given, { type: 'free', by: laptop, call, at: 200 }).effects).toEqual(['ask', 'take'])
  })

  it('gives up after twelve seconds, and takes nothing that comes later', () => {
    expect(run(noMove, want, given, tick(12_000), handed)).toEqual({ state: noMove, effects: ['ask', 'keep', 'failed'] })
    expect(run(noMove, want, tick(12_000), given)).toEqual({ state: noMove, effects: ['ask', 'keep', 'failed', 'keep'] })
  })

  it('lets go again when the first one has taken it back', () => {
    expect(run(noMove, want, given, handed, { type: 'kept', by: laptop, call, at: 300 })).toEqual({
      state: noMove,
      effects: ['ask', 'take', 'let-go'],
    })
  })

  it('believes nobody but the device that it asked', () => {
    expect(run(noMove, want, { ...given, by: phone }, handed).effects).toEqual(['ask', 'keep'])
    expect(run(noMove, want, { type: 'kept', by: phone, call, at: 1 }).state.kind).toBe('coming')
  })
})

describe('the device that has the session', () => {
  it('gives it, says nothing to anybody meanwhile, and lets go when it is taken', () => {
    const going = run(noMove, asked)
    expect(going.effects).toEqual(['give', 'hand-over'])
    expect(maySpeak(going.state)).toBe(false)
    expect(run(going.state, { type: 'taken', by: phone, call })).toEqual({ state: noMove, effects: ['let-go'] })
  })

  it('keeps it when it has another one, or none, or gives it to somebody already', () => {
    expect(run(noMove, { ...asked, have: null })).toEqual({ state: noMove, effects: ['keep'] })
    expect(run(noMove, asked, { ...asked, by: laptop }).effects).toEqual(['give', 'hand-over', 'keep'])
  })

  it('takes it back when the other one is silent for three seconds, and goes on', () => {
    const silent = run(noMove, asked, tick(1000, { online: false }), tick(3999, { online: false }))
    expect(silent.state.kind).toBe('going')
    expect(run(silent.state, tick(4000, { online: false })).effects).toEqual(['keep', 'hand-over'])
    expect(run(noMove, asked, tick(1000, { online: false }), tick(3000), tick(5000, { online: false })).state.kind).toBe('going')
  })

  it('takes it back after fifteen seconds, or when the other one gives up, and goes on whatever the server says', () => {
    const back = run(noMove, asked, tick(15_000))
    expect(back).toMatchObject({ state: { kind: 'taking-back' }, effects: ['give', 'hand-over', 'keep', 'hand-over'] })
    expect(run(noMove, asked, { type: 'kept', by: phone, call, at: 10 }).state.kind).toBe('taking-back')
    expect(run(back.state, { ...handed, at: 15_100 })).toEqual({ state: noMove, effects: ['resume', 'failed'] })
    expect(run(back.state, { type: 'hand-over-refused', empty: false, at: 15_100 }).effects).toEqual(['resume', 'failed'])
    expect(run(back.state, tick(18_000)).effects).toEqual(['resume', 'failed'])
    expect(maySpeak(back.state)).toBe(false)
  })

  it('gives a call that the server does not know as free only when nobody is in it', () => {
    expect(run(noMove, asked, { type: 'hand-over-refused', empty: true, at: 1 }).effects).toEqual(['give', 'hand-over', 'free'])
    expect(run(noMove, asked, { type: 'hand-over-refused', empty: false, at: 1 }).state.kind).toBe('taking-back')
  })
})

it('whatever comes in whatever order: it ends, and a device that gives has either let go or goes on', () => {
  const device = fc.constantFrom(laptop, phone)
  const event: fc.Arbitrary<(at: number) => SessionMoveEvent> = fc.oneof(
    device.map((from) => (at: number) => ({ type: 'want' as const, from, call, at })),
    fc.tuple(device, fc.constantFrom('running' as const, 'ended' as const, null)).map(([by, have]) => (at: number) => ({
      type: 'asked' as const,
      by,
      call,
      have,
      at,
    })),
    fc.tuple(device, fc.boolean()).map(([by, running]) => (at: number) => ({ type: 'given' as const, by, call, running, at })),
    device.map((by) => (at: number) => ({ type: 'free' as const, by, call, at })),
    device.map((by) => () => ({ type: 'taken' as const, by, call })),
    device.map((by) => (at: number) => ({ type: 'kept' as const, by, call, at })),
    fc.boolean().map((toMe) => (at: number) => ({ type: 'handed-over' as const, call, toMe, at })),
    fc.boolean().map((empty) => (at: number) => ({ type: 'hand-over-refused' as const, empty, at })),
    fc.tuple(fc.boolean(), fc.boolean()).map(
      ([online, together]) =>
        (at: number) =>
          tick(at, { online, together }),
    ),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(5000)), { maxLength: 40 }), (steps) => {
      let state: SessionMove = noMove
      let at = 0
      let isGiving = false
      const follow = (next: SessionMoveEvent) => {
        const step = moveSession(state, next)
        state = step.state
        for (const { type } of step.effects) {
          if (type === 'give') isGiving = true
          if (type === 'let-go' || type === 'resume') isGiving = false
        }
        if (!maySpeak(state)) expect(isGiving).toBe(true)
      }
      for (const [make, laterMs] of steps) {
        at += laterMs
        follow(make(at))
      }
      for (let second = 0; second < 40; second++) {
        at += 1000
        follow(tick(at))
      }
      expect(state).toEqual(noMove)
    }),
  )
})
