import { describe, expect, it, vi } from 'vitest'
import { simulate } from '../../support/simulation/simulate.ts'
import type { SimOptions } from '../../support/simulation/sim-world.ts'

/** Rules of the log that are broken on purpose, one at a time, to see that the simulation notices. */
const broken = vi.hoisted(() => ({ rule: 'none' }))

vi.mock('@alcove/shared/domain/log-reading', async (original) => {
  const real = await original<typeof import('@alcove/shared/domain/log-reading')>()
  const readBatch: typeof real.readBatch = (before, batch, epochs, me, pastHash) => {
    switch (broken.rule) {
      case 'no-hash-check': {
        const hash = batch.records.at(-1)?.hash ?? before.position.hash
        return real.readBatch(before, { ...batch, end: { ...batch.end, hash } }, epochs, me, () => null)
      }
      case 'no-seen-check': {
        const records = batch.records.map((record) => ({ ...record, header: record.header && { ...record.header, seen: new Map() } }))
        return real.readBatch(before, { ...batch, records }, epochs, me, pastHash)
      }
      case 'no-word-of-forgeries': {
        const reading = real.readBatch(before, batch, epochs, me, pastHash)
        return { ...reading, incidents: reading.incidents.filter((kind) => kind !== 'forged') }
      }
      case 'no-word-of-replays': {
        const reading = real.readBatch(before, batch, epochs, me, pastHash)
        return { ...reading, incidents: reading.incidents.filter((kind) => kind !== 'replayed') }
      }
      case 'old-keys-count': {
        const records = batch.records.map((record) => ({ ...record, header: record.header && { ...record.header, epoch: before.epoch } }))
        return real.readBatch(before, { ...batch, records }, epochs, me, pastHash)
      }
      case 'suspect-everybody': {
        const reading = real.readBatch(before, batch, epochs, me, pastHash)
        return { ...reading, incidents: reading.taken.length > 2 ? ['withheld'] : reading.incidents }
      }
      default:
        return real.readBatch(before, batch, epochs, me, pastHash)
    }
  }
  const endSeenFrom: typeof real.endSeenFrom = (stand, end) => {
    const seen = real.endSeenFrom(stand, end)
    return broken.rule === 'no-hash-check' && seen === 'forked' ? 'same' : seen
  }
  return { ...real, readBatch, endSeenFrom }
})

vi.mock('../../../signaling/src/sealed-log/pruning.ts', async (original) => {
  const real = await original<typeof import('../../../signaling/src/sealed-log/pruning.ts')>()
  const prune: typeof real.prune = (state, now) => {
    if (broken.rule !== 'prune-too-early') return real.prune(state, now)
    // Everything behind the newest record but one, whatever covers it.
    const base = { ...state.end, total: state.total }
    if (base.sequence < 2) return null
    return { state: { ...state, base, snapshots: [] }, first: state.base.sequence + 1, last: base.sequence }
  }
  return { ...real, prune }
})

vi.mock('../../../pwa/src/adapters/schedule/update-math.ts', async (original) => {
  const real = await original<typeof import('../../../pwa/src/adapters/schedule/update-math.ts')>()
  const lackingOf: typeof real.lackingOf = (doc, known) => (broken.rule === 'bring-nothing-later' ? null : real.lackingOf(doc, known))
  return { ...real, lackingOf }
})

/** The seed of the first run that says so; `from` is one that did when this was written. */
async function seedThatSays(said: RegExp, rule: string, options: SimOptions, from: number): Promise<number | null> {
  broken.rule = rule
  try {
    for (let seed = from; seed < from + 40; seed++) {
      const failed = await simulate(seed, options).then(
        () => '',
        (error: unknown) => String(error),
      )
      if (said.test(failed)) return seed
    }
    return null
  } finally {
    broken.rule = 'none'
  }
}

describe('the simulation notices a broken rule of the log:', () => {
  it.each([
    ['no-hash-check', /did not notice|differ|stands at/, 11, { log: 'malicious' }],
    ['no-seen-check', /did not notice: withheld/, 71, { log: 'malicious' }],
    ['no-word-of-forgeries', /did not notice: forged/, 38, { log: 'malicious' }],
    ['no-word-of-replays', /did not notice: replayed/, 1, { log: 'malicious' }],
    ['old-keys-count', /took into .* what a removed device wrote/, 5, { log: 'malicious' }],
    ['suspect-everybody', /says of an honest server/, 1, { log: 'honest' }],
    ['prune-too-early', /./, 1, { log: 'honest' }],
    ['bring-nothing-later', /./, 1, { log: 'honest' }],
    ['ack-before-stored', /says of an honest server/, 29, { log: 'honest', serverSabotage: 'ack-before-stored' }],
  ] as const)(
    '%s',
    async (rule, said, from, options) => {
      expect(await seedThatSays(said, rule, options, from)).toBeGreaterThan(0)
    },
    300_000,
  )
})
