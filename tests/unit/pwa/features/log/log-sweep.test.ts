import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import { beforeEach, expect, it } from 'vitest'
import type { AppendEnd } from '../../../../../pwa/src/features/log/log-appender.ts'
import { createLogMemory, type LogMemory } from '../../../../../pwa/src/features/log/log-memory.ts'
import { createLogSweep, type LogSweep } from '../../../../../pwa/src/features/log/log-sweep.ts'
import { createFakeLogBook } from '../../../../support/log/fake-log-keeping.ts'
import { createDeviceClock, createVirtualTime, type VirtualTime } from '../../../../support/simulation/virtual-time.ts'

const minuteMs = 60_000
const document = asId<DocumentId>('a')

let time: VirtualTime
let memory: LogMemory
let sweep: LogSweep
let writes: number
/** What writing gives, and whether the log has all of it then. */
let outcomes: { readonly end: AppendEnd; readonly isThere: boolean }[]
let isLacking: boolean
beforeEach(() => {
  time = createVirtualTime(minuteMs)
  const clock = createDeviceClock(time, 0)
  memory = createLogMemory(createFakeLogBook(), clock, () => undefined)
  writes = 0
  outcomes = []
  isLacking = true
  sweep = createLogSweep({
    context: {
      clock,
      random: () => 0,
      memory,
      store: { changedSince: async (mark) => ({ documents: mark < 7 ? [document] : [], mark: 7 }) },
    },
    writing: {
      async write() {
        const { end, isThere } = outcomes[writes++] ?? { end: 'done', isThere: true }
        isLacking = !isThere
        return end
      },
      lacking: async () => (isLacking ? new Uint8Array(1) : null),
      confirm: async () => undefined,
      fence: async () => null,
    },
    mayGoOn: () => true,
    prepare: async () => true,
    isPending: () => false,
    went: (end) => end === 'done',
    onWhole: () => undefined,
    changed: () => undefined,
  })
})

it('what was written is not looked at again', async () => {
  sweep.plan('now')
  await time.runUntil(2 * minuteMs)
  expect([writes, memory.cover().mark, sweep.isCompared()]).toEqual([1, 7, true])
})

it.each(['done', 'nothing'] as const)(
  'what still lacks after it was tried (%s) is tried again, and is not taken for written',
  async (end) => {
    outcomes = [
      { end, isThere: false },
      { end, isThere: false },
    ]
    sweep.plan('now')
    await time.runUntil(minuteMs + 1)
    expect([writes, memory.cover().mark, sweep.isCompared()]).toEqual([1, 0, false])
    await time.runUntil(2 * minuteMs)
    expect([writes, memory.cover().mark, sweep.isCompared()]).toEqual([3, 7, true])
  },
)
