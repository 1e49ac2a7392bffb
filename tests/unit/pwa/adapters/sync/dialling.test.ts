import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Diallable, dialInTurn, offerAfterMs } from '../../../../../pwa/src/adapters/sync/dialling.ts'

const offer = { type: 'offer', sdp: 'offer' } as const
const answer = { type: 'answer', sdp: 'answer' } as const

function dial(waits: boolean) {
  const did: string[] = []
  let finishLocal: () => void = () => undefined
  const connection: Diallable = {
    signalingState: 'stable',
    async createOffer() {
      did.push('made an offer')
      return offer
    },
    setLocalDescription(description) {
      did.push(`local ${description.type}`)
      return new Promise((resolve) => {
        finishLocal = () => resolve()
      })
    },
    async setRemoteDescription(description) {
      did.push(`remote ${description.type}`)
    },
    addIceCandidate: () => Promise.reject(new DOMException('Unknown ufrag', 'OperationError')),
  }
  dialInTurn(connection, waits)
  /** As simple-peer does it: the offer is said when it is set. */
  async function offerIt(): Promise<void> {
    await connection.setLocalDescription(await connection.createOffer())
    did.push('said the offer')
  }
  return { connection, did, offerIt: () => void offerIt(), finishLocal: () => finishLocal() }
}

describe('dialling', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

  it('offers at once, on one side', async () => {
    const { did, offerIt, finishLocal } = dial(false)
    offerIt()
    await pass(0)
    finishLocal()
    await pass(0)
    expect(did).toEqual(['made an offer', 'local offer', 'said the offer'])
  })

  it('offers on the other side when nothing has come in a while', async () => {
    const { did, offerIt, finishLocal } = dial(true)
    offerIt()
    await pass(offerAfterMs - 1)
    expect(did).toEqual([])
    await pass(1)
    finishLocal()
    await pass(0)
    expect(did).toEqual(['made an offer', 'local offer', 'said the offer'])
  })

  it.each([
    ['before one is made', true, 0],
    ['while one is set', false, 1],
  ])('says no offer when the other’s came %s, and answers', async (_when, waits, locals) => {
    const { connection, did, offerIt, finishLocal } = dial(waits)
    offerIt()
    await pass(100)
    await connection.setRemoteDescription(offer)
    finishLocal()
    await pass(offerAfterMs)
    void connection.setLocalDescription(answer)
    expect(did).not.toContain('said the offer')
    expect(did.filter((one) => one === 'local offer')).toHaveLength(locals)
    expect(did.at(-1)).toBe('local answer')
  })

  it('offers after an answer as before, and outlives a candidate that fits nothing', async () => {
    const { connection, did, offerIt } = dial(false)
    await connection.setRemoteDescription(answer)
    offerIt()
    await pass(0)
    expect(did).toEqual(['remote answer', 'made an offer', 'local offer'])
    expect(await connection.addIceCandidate({ candidate: 'candidate:1' })).toBeUndefined()
  })
})
