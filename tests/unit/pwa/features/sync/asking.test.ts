import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { createAsking } from '../../../../../pwa/src/features/sync/asking.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const [a, b] = [asId<DocumentId>('a'), asId<DocumentId>('b')]

describe('asking several devices for the same document', () => {
  it('asks one after the other, and each document for itself', () => {
    const asking = createAsking(createManualClock())
    const began: string[] = []
    const end = asking.take(a, () => began.push('a from one'))
    asking.take(a, () => began.push('a from two'))
    asking.take(b, () => began.push('b from two'))
    expect(began).toEqual(['a from one', 'b from two'])
    end()
    end()
    expect(began).toEqual(['a from one', 'b from two', 'a from two'])
  })

  it('does not wait for ever, nor for one who gave up its turn', () => {
    const clock = createManualClock()
    const asking = createAsking(clock)
    const began: number[] = []
    asking.take(a, () => began.push(1))
    const giveUp = asking.take(a, () => began.push(2))
    asking.take(a, () => began.push(3))
    giveUp()
    clock.advance(15_000)
    expect(began).toEqual([1, 3])
  })
})
