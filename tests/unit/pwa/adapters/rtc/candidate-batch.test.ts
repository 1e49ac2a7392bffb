import { expect, it } from 'vitest'
import { createCandidateBatch, maxBatch } from '../../../../../pwa/src/adapters/rtc/candidate-batch.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const one = (candidate: string) => ({ candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' }) as RTCIceCandidate

it('sends the first candidates almost at once and the later ones together', () => {
  const clock = createManualClock()
  const sent: string[][] = []
  const batch = createCandidateBatch(clock, (candidates) => void sent.push(candidates.map(({ candidate }) => candidate)))
  batch.add(one('a'))
  batch.add(one('b'))
  expect(sent).toEqual([])
  clock.advance(5)
  expect(sent).toEqual([['a', 'b']])
  batch.add(one('c'))
  clock.advance(49)
  batch.add(one('d'))
  expect(sent).toHaveLength(1)
  clock.advance(1)
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

it('forgets what is in the description already, and never sends more than the wire takes', () => {
  const clock = createManualClock()
  const sent: number[] = []
  const batch = createCandidateBatch(clock, (candidates) => void sent.push(candidates.length))
  batch.add(one('a'))
  batch.clear()
  clock.advance(100)
  expect(sent).toEqual([])
  for (let i = 0; i < maxBatch + 1; i++) batch.add(one(String(i)))
  clock.advance(100)
  expect(sent).toEqual([maxBatch])
})
