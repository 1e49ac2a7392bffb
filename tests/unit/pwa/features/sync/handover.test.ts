import { asId, type DeviceKey, type EntryHash } from '@alcove/shared/domain/ids'
import { ok } from '@alcove/shared/domain/result'
import type { HandoverMessage } from '@alcove/shared/protocol/sync-messages'
import { describe, expect, it } from 'vitest'
import { createHandover } from '../../../../../pwa/src/features/sync/handover.ts'
import type { ChainStore, SyncPlace } from '../../../../../pwa/src/sync-ports.ts'
import { hashOf, keyNamed, newPractice } from '../../../../support/chain/chain-world.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

/** One device on the topic, which is asked by whoever says so. Sealed is what is plain here. */
async function listeningDevice(heads: readonly EntryHash[] = []) {
  const clock = createManualClock(0)
  const said: string[] = []
  let hear: (data: string) => void = () => undefined
  const roll = { ...newPractice().roll(), heads: [...heads].sort() }
  const chain: Partial<ChainStore> = {
    entries: async () => [],
    have: async () => 'my have',
    openHandover: async (sealed) => (sealed.startsWith('{') ? (JSON.parse(sealed) as HandoverMessage) : null),
    answer: async () => 'an answer',
    takeBatches: async () => ok(0),
  }
  const handover = createHandover({
    clock,
    random: () => 0,
    chain: chain as ChainStore,
    relay: {
      join(_topic, listen) {
        hear = (data) => listen({ type: 'message', data })
        queueMicrotask(() => listen({ type: 'open' }))
        return {
          publish(data) {
            said.push(data)
            return true
          },
          leave: () => undefined,
        }
      },
    },
    topic: 'topic',
    place: () => ({ roll, epoch: null }) as Partial<SyncPlace> as SyncPlace,
  })
  await passes(1000)
  async function passes(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(100)
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
  }
  const asks = (device: DeviceKey, known: readonly EntryHash[]) =>
    hear(JSON.stringify({ type: 'have', device, epoch: null, heads: [...known].sort() }))
  return { handover, asks, passes, answers: () => said.filter((one) => one === 'an answer').length }
}

describe('the handover topic, to somebody who only wants answers', () => {
  it.each([
    { as: 'another device each time', device: (i: number) => asId<DeviceKey>(`device-${i}`) },
    { as: 'a device of the practice', device: () => keyNamed('desk-computer') },
  ])('gives so many and then few, whatever it says it has, as $as', async ({ device }) => {
    const { handover, asks, passes, answers } = await listeningDevice([hashOf('mine')])
    for (let i = 0; i < 200; i++) {
      asks(device(i), [hashOf(`made up ${i}`)])
      await passes(2000)
    }
    expect(answers()).toBeGreaterThan(20)
    expect(answers()).toBeLessThanOrEqual(40 + 40)
    handover.close()
  })

  it('gives a device that is not known one answer at a time', async () => {
    const { handover, asks, passes, answers } = await listeningDevice([hashOf('mine')])
    for (let i = 0; i < 30; i++) asks(asId<DeviceKey>(`device-${i}`), [hashOf('theirs')])
    await passes(2000)
    expect(answers()).toBe(1)
    handover.close()
  })
})

it('devices with the same chain of more heads than one names have nothing to give each other', async () => {
  const heads = Array.from({ length: 100 }, (_, i) => hashOf(`head ${i}`))
  const { handover, asks, passes, answers } = await listeningDevice(heads)
  asks(keyNamed('desk-computer'), [...heads].sort().slice(0, 64))
  await passes(5000)
  expect(answers()).toBe(0)
  asks(keyNamed('desk-computer'), [...heads].sort().slice(0, 63))
  await passes(5000)
  expect(answers()).toBe(1)
  handover.close()
})
