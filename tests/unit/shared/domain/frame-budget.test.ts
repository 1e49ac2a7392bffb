import {
  type FrameBudget,
  type FrameBudgetEffect,
  type FrameWindow,
  frameStep,
  frameSteps,
  initialFrameBudget,
  reduceFrameBudget,
} from '@alcove/shared/domain/frame-budget'
import { describe, expect, it } from 'vitest'
import { fc } from '../../../support/property.ts'

const good: FrameWindow = { framesIn: 30, framesOut: 30, lengthMs: 1000, busyMs: 300, encoderLimited: false, soundSuffers: false }
const even: FrameWindow = { ...good, busyMs: 600 }
const bad: FrameWindow = { ...good, framesOut: 15, busyMs: 990 }

function after(windows: readonly FrameWindow[], from: FrameBudget = initialFrameBudget) {
  const effects: FrameBudgetEffect[] = []
  let state = from
  for (const window of windows) {
    const next = reduceFrameBudget(state, window)
    state = next.state
    effects.push(...next.effects)
  }
  return { state, effects }
}
const times = (count: number, window: FrameWindow) => Array.from({ length: count }, () => window)

describe('the budget of a frame', () => {
  it('begins with the best step and stays there while there is time', () => {
    expect(after([...times(50, good), ...times(50, even)])).toMatchObject({ state: { step: 0 }, effects: [] })
  })

  it('goes a step down after two bad windows in a row, and not after one', () => {
    expect(after([bad, good, bad, good]).effects).toEqual([])
    expect(after([bad, bad]).effects).toEqual([{ kind: 'step', step: frameSteps[1] }])
  })

  it.each([
    ['frames are lost', { ...good, framesOut: 20 }],
    ['frames take nearly all the time', { ...good, busyMs: 850 }],
    ['the encoder suffers', { ...good, encoderLimited: true }],
    ['the sound suffers', { ...good, soundSuffers: true }],
  ])('counts a window as bad when %s', (_, window) => {
    expect(after(times(2, window)).state.step).toBe(1)
  })

  it('learns nothing from a camera that gives nothing', () => {
    const { state, effects } = after(times(20, { ...bad, framesIn: 0, framesOut: 0 }))
    expect([state.step, effects]).toEqual([0, []])
  })

  it('goes up again after five good windows, and not after busy ones', () => {
    const low = after([bad, bad]).state
    expect(after(times(30, even), low).state.step).toBe(1)
    expect(after(times(4, good), low).state.step).toBe(1)
    expect(after(times(5, good), low).state.step).toBe(0)
  })

  it('waits twice as long each time that going up was a mistake', () => {
    let state = after([bad, bad]).state
    const waits: number[] = []
    for (let round = 0; round < 6; round++) {
      let wait = 0
      while (state.step === 1) {
        state = reduceFrameBudget(state, good).state
        wait += 1
      }
      waits.push(wait)
      state = after([bad, bad], state).state
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 80])
  })

  it('says so, once, when even the lowest step is too much, and again when it keeps up', () => {
    const down = after(times(2 * (frameSteps.length - 1), bad))
    expect(down.state.step).toBe(frameSteps.length - 1)
    const { state, effects } = after(times(20, bad), down.state)
    expect(effects).toEqual([{ kind: 'cannot-keep-up' }])
    expect(frameStep(state)).toBe(frameSteps.at(-1))
    expect(after(times(5, good), state).effects).toEqual([{ kind: 'keeps-up-again' }])
  })

  it('settles on a computer of any speed, instead of going up and down for ever', () => {
    const cost = [1, 0.65, 0.5, 0.3, 0.22]
    for (let speed = 0.2; speed < 3; speed += 0.1) {
      let state = initialFrameBudget
      let moves = 0
      for (let second = 0; second < 1200; second++) {
        const load = (cost[state.step] ?? 1) * speed
        const window = { ...good, busyMs: Math.min(load, 1) * 1000, framesOut: Math.round(30 / Math.max(load, 1)) }
        const next = reduceFrameBudget(state, window)
        if (next.state.step !== state.step && second > 600) moves += 1
        state = next.state
      }
      expect(moves, `a computer on which a frame takes ${speed.toFixed(1)} of its time`).toBeLessThanOrEqual(16)
    }
  })

  /** A computer that gives the frames what others leave it: `starved` 0 to 1. What a frame costs at each step, as a share of its time. */
  const costs = [0.6, 0.42, 0.3, 0.18, 0.13]
  function computer(step: number, starved: number, speed: number): FrameWindow {
    const wanted = ((costs[step] ?? 1) * speed) / Math.max(1 - starved, 0.01)
    return { ...good, busyMs: Math.min(wanted, 1) * 1000, framesIn: 30, framesOut: Math.round(30 / Math.max(wanted, 1)) }
  }

  it('whatever else the computer has to do: a step at a time, with a reason, never up and down at once; and all is back when it has time', () => {
    const phases = fc.array(fc.record({ starved: fc.double({ min: 0, max: 1, noNaN: true }), seconds: fc.integer({ min: 1, max: 60 }) }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(phases, fc.double({ min: 0.3, max: 1.2, noNaN: true }), (story, speed) => {
        let state = initialFrameBudget
        let sinceMove = Number.POSITIVE_INFINITY
        let keepsUp = true
        const live = (starved: number) => {
          const window = computer(state.step, starved, speed)
          const { state: next, effects } = reduceFrameBudget(state, window)
          sinceMove += 1
          for (const effect of effects) {
            if (effect.kind === 'step') {
              expect(Math.abs(next.step - state.step)).toBe(1)
              const isUp = next.step < state.step
              expect(isUp ? window.busyMs < 450 : window.busyMs > 800, 'with a reason').toBe(true)
              expect(sinceMove).toBeGreaterThanOrEqual(isUp ? 5 : 2)
              expect(effect.step).toBe(frameStep(next))
              sinceMove = 0
            } else {
              expect(state.step).toBe(frameSteps.length - 1)
              expect(effect.kind).toBe(keepsUp ? 'cannot-keep-up' : 'keeps-up-again')
              keepsUp = !keepsUp
            }
          }
          state = next
        }
        for (const { starved, seconds } of story) for (let second = 0; second < seconds; second++) live(starved)
        for (let second = 0; second < 60; second++) live(1)
        expect([state.step, keepsUp]).toEqual([frameSteps.length - 1, false])
        for (let second = 0; second < 600; second++) live(0)
        expect(keepsUp).toBe(true)
        // As far up as leaves room: the step above would have taken too much.
        const above = computer(state.step, 0, speed).busyMs
        expect(state.step === 0 || above >= 450, `step ${state.step}, ${above} ms`).toBe(true)
      }),
    )
  })
})
