import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { LogHash } from '@alcove/shared/domain/sealed-log'
import { describe, expect, it } from 'vitest'
import type { LogContext, LogHead } from '../../../../../pwa/src/features/log/log-context.ts'
import { createLogGossip } from '../../../../../pwa/src/features/log/log-gossip.ts'
import { createLogMemory } from '../../../../../pwa/src/features/log/log-memory.ts'
import { createFakeLogBook } from '../../../../support/log/fake-log-keeping.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const document = asId<DocumentId>('document')
const at = (sequence: number, hash: string) => ({ sequence, hash: asId<LogHash>(hash) })
const head = (sequence: number, hash: string): LogHead => ({ document, ...at(sequence, hash) })

function begin() {
  const clock = createManualClock()
  const memory = createLogMemory(createFakeLogBook(), clock, () => undefined)
  const doubts: string[] = []
  const told: (readonly LogHead[])[] = []
  let isReady = true
  let isBehind = false
  const gossip = createLogGossip({
    context: { clock, memory } as unknown as LogContext,
    tell: (heads) => told.push(heads),
    isReady: () => isReady,
    isBehind: () => isBehind,
    doubt: (_, kind) => doubts.push(kind),
  })
  const stand = (sequence: number, hash: string) => {
    memory.passed(document, [at(sequence, hash)])
    memory.keep({
      document,
      position: at(sequence, hash),
      seen: new Map(),
      known: null,
      epoch: null,
      snapshotAt: 0,
      snapshotBytes: 0,
      recordsSince: 0,
      bytesSince: 0,
    })
    gossip.moved(document)
  }
  return {
    clock,
    gossip,
    doubts,
    told,
    stand,
    set: (ready: boolean, behind: boolean) => {
      isReady = ready
      isBehind = behind
    },
  }
}

describe('what devices tell each other of where they stand', () => {
  it('is told once for what moves together', () => {
    const { clock, told, stand } = begin()
    stand(1, 'a')
    stand(2, 'b')
    clock.advance(5_000)
    expect(told).toEqual([[head(2, 'b')]])
  })

  it('shows a fork where both stand, and where one stood before', () => {
    const { doubts, gossip, stand, clock } = begin()
    stand(1, 'a')
    stand(2, 'b')
    gossip.heard([head(2, 'b'), head(1, 'a')])
    expect(doubts).toEqual([])
    gossip.heard([head(2, 'x')])
    clock.advance(61_000)
    gossip.heard([head(1, 'y')])
    expect(doubts).toEqual(['forked', 'forked'])
  })

  it('says nothing of places that nobody remembers', () => {
    const { doubts, gossip, stand } = begin()
    stand(5, 'e')
    gossip.heard([head(2, 'whatever')])
    expect(doubts).toEqual([])
  })

  it('gives the server half a minute to show what another device has read', () => {
    const { doubts, gossip, stand, clock } = begin()
    stand(1, 'a')
    gossip.heard([head(3, 'c')])
    clock.advance(29_000)
    expect(doubts).toEqual([])
    clock.advance(2_000)
    expect(doubts).toEqual(['withheld'])
  })

  it('is content when the server shows it in time, and sees when that is another log', () => {
    for (const [hash, seen] of [
      ['c', []],
      ['x', ['forked']],
    ] as const) {
      const { doubts, gossip, stand, clock } = begin()
      stand(1, 'a')
      gossip.heard([head(3, 'c')])
      clock.advance(10_000)
      stand(3, hash)
      clock.advance(60_000)
      expect(doubts).toEqual(seen)
    }
  })

  it('blames nobody while this device itself is reading, or could not store what it read', () => {
    for (const [ready, behind] of [
      [false, false],
      [true, true],
    ] as const) {
      const { doubts, gossip, clock, set } = begin()
      set(ready, behind)
      gossip.heard([head(3, 'c')])
      clock.advance(200_000)
      expect(doubts).toEqual([])
      set(true, false)
      clock.advance(31_000)
      expect(doubts).toEqual(['withheld'])
    }
  })

  it('begins a log anew at most once a minute on others’ word', () => {
    const { doubts, gossip, stand, clock } = begin()
    stand(2, 'b')
    for (let i = 0; i < 10; i++) {
      gossip.heard([head(2, 'x')])
      clock.advance(5_000)
    }
    expect(doubts).toEqual(['forked'])
  })
})
