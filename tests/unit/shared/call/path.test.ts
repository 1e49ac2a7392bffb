import { createPath, mendPath, needsTicks, type PathEvent, type PathState, pathTickMs, pathWord } from '@alcove/shared/call/path'
import { describe, expect, it } from 'vitest'

/** Plays events and a tick every half second; tells what was repaired when. `activity` null: nothing comes in. */
function play(polite: boolean, untilMs: number, events: readonly PathEvent[], activity: (at: number) => number = () => 0) {
  let state: PathState = createPath(polite)
  const repairs: string[] = []
  const words: string[] = []
  const feed = (event: PathEvent) => {
    const step = mendPath(state, event)
    state = step.state
    for (const effect of step.effects) {
      repairs.push(`${effect} ${event.at}`)
      if (effect === 'rebuild') feed({ type: 'built', at: event.at })
    }
    const word = pathWord(state, event.at)
    if (words.at(-1) !== word) words.push(word)
  }
  const due = [...events]
  for (let at = 0; at <= untilMs; at += pathTickMs) {
    for (let next = due[0]; next && next.at <= at; next = due[0]) {
      feed(next)
      due.shift()
    }
    if (needsTicks(state)) feed({ type: 'tick', activity: activity(at), at })
  }
  return { state, repairs, words }
}

const connected: readonly PathEvent[] = [
  { type: 'built', at: 0 },
  { type: 'connection', connection: 'connected', at: 500 },
]

describe('a path', () => {
  it('is connecting, then connected, and then left alone', () => {
    const { repairs, words, state } = play(false, 60_000, connected)
    expect(repairs).toEqual([])
    expect(words).toEqual(['connecting', 'connected'])
    expect(needsTicks(state)).toBe(false)
  })

  it('gets a restart after 2.5 s without anything coming in; the polite side waits longer', () => {
    const lost: readonly PathEvent[] = [...connected, { type: 'connection', connection: 'disconnected', at: 10_000 }]
    expect(play(false, 14_000, lost).repairs).toEqual(['restart 12500'])
    expect(play(true, 14_500, lost).repairs).toEqual(['restart 14000'])
    expect(play(false, 12_000, lost).words).toEqual(['connecting', 'connected', 'reconnecting'])
  })

  it('that only seems lost is left alone while anything comes in', () => {
    const shaky: readonly PathEvent[] = [...connected, { type: 'connection', connection: 'disconnected', at: 10_000 }]
    const { repairs, words } = play(false, 40_000, shaky, (at) => at)
    expect(repairs).toEqual([])
    expect(words).toEqual(['connecting', 'connected'])
  })

  it('that failed gets a restart at once', () => {
    expect(play(false, 10_000, [...connected, { type: 'connection', connection: 'failed', at: 10_000 }]).repairs).toEqual(['restart 10000'])
  })

  it('gets a new connection after two restarts, from the impolite side only', () => {
    const failed: readonly PathEvent[] = [...connected, { type: 'connection', connection: 'failed', at: 10_000 }]
    expect(play(false, 21_000, failed).repairs).toEqual(['restart 10000', 'restart 15000', 'rebuild 20000'])
    expect(play(true, 23_000, failed).repairs).toEqual(['restart 10000', 'restart 15000', 'restart 20000'])
  })

  it('that never came about is begun anew, again and again', () => {
    expect(play(false, 13_000, [{ type: 'built', at: 0 }]).repairs).toEqual(['rebuild 6000', 'rebuild 12000'])
    expect(play(true, 13_000, [{ type: 'built', at: 0 }]).repairs).toEqual([])
  })

  it('is said to have failed after a minute, tried for ten, and tried again when something changes', () => {
    const failed: readonly PathEvent[] = [...connected, { type: 'connection', connection: 'failed', at: 10_000 }]
    const minutes = (count: number) => count * 60_000
    expect(play(false, 69_500, failed).words.at(-1)).toBe('reconnecting')
    expect(play(false, 70_500, failed).words.at(-1)).toBe('failed')
    const at = (repair: string | undefined) => Number(repair?.split(' ')[1])
    const long = play(false, minutes(30), failed)
    expect(at(long.repairs.at(-1))).toBeLessThan(minutes(10.5))
    expect(at(long.repairs.at(-1))).toBeGreaterThan(minutes(9.5))
    const nudged = play(false, minutes(30), [...failed, { type: 'nudge', at: minutes(20) }])
    expect(at(nudged.repairs.at(-1))).toBe(minutes(20))
  })

  it('is looked at when the network changed: restarted if it is dead, left alone if it lives', () => {
    const nudged: readonly PathEvent[] = [...connected, { type: 'nudge', at: 20_000 }]
    expect(play(false, 30_000, nudged).repairs[0]).toBe('restart 22500')
    const alive = play(false, 30_000, nudged, (at) => at)
    expect(alive.repairs).toEqual([])
    expect(alive.words).toEqual(['connecting', 'connected'])
    expect(needsTicks(alive.state)).toBe(false)
  })

  it('a repair that has just begun is not hurried', () => {
    const hurried: PathEvent[] = [0, 500, 1000, 1500, 2000].map((ms) => ({ type: 'nudge', at: 10_000 + ms }))
    expect(play(false, 12_000, [...connected, { type: 'connection', connection: 'failed', at: 10_000 }, ...hurried]).repairs).toEqual([
      'restart 10000',
    ])
  })

  it('that lives here is restarted because the peer asks, and stays connected to the people', () => {
    const asked: readonly PathEvent[] = [...connected, { type: 'asked', at: 10_000 }, { type: 'asked', at: 10_400 }]
    const { repairs, words } = play(false, 20_000, asked)
    expect(repairs).toEqual(['restart 10000'])
    expect(words).toEqual(['connecting', 'connected'])
  })

  it('is not restarted on demand before it was connected once', () => {
    const asked: readonly PathEvent[] = [
      { type: 'asked', at: 0 },
      { type: 'built', at: 0 },
      { type: 'asked', at: 3000 },
    ]
    expect(play(false, 3500, asked).repairs).toEqual([])
  })

  it('a peer that answers nonsense cannot make it spin', () => {
    const nonsense: PathEvent[] = Array.from({ length: 100 }, (_, index) => ({ type: 'broken', at: 1000 + index * 10 }))
    expect(play(false, 3000, [{ type: 'built', at: 0 }, ...nonsense]).repairs).toEqual([])
  })

  it('does nothing before there is a connection', () => {
    for (const event of [
      { type: 'nudge', at: 1 },
      { type: 'broken', at: 1 },
      { type: 'connection', connection: 'failed', at: 1 },
    ] as const) {
      expect(mendPath(createPath(false), event).effects).toEqual([])
    }
  })
})
