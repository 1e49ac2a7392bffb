import { describe, expect, it } from 'vitest'
import { simulate } from './simulate.ts'

const isLong = process.env.ALCOVE_LONG === '1'
/** In the long suite other seeds each time, unless one is given; a failure names its own. */
const firstSeed = Number(process.env.ALCOVE_SEED ?? (isLong ? Date.now() % 1e9 : 1))
const runs = isLong ? 10_000 : 100
const atOnce = 10

/** Every seed that once failed, and what was wrong. */
export const regressions: readonly { readonly seed: number; readonly was: string }[] = [
  { seed: 122, was: 'a removal that found no room on the disk was not asked for again' },
  { seed: 1045, was: 'a stolen device that had forged was answered every half minute' },
  { seed: 2012, was: 'an answer that could not be sent in that moment was not given later' },
]

/** Two files share the runs, so that two processors do. */
export function describeRuns(part: 0 | 1): void {
  describe(`a practice for some hours (seeds from ${firstSeed}; again: npm run simulate -- <seed>)`, () => {
    for (let from = firstSeed + (part * runs) / 2; from < firstSeed + ((part + 1) * runs) / 2; from += atOnce) {
      it(`ends with equal devices, nothing lost and nothing believed that was not signed: seeds ${from} to ${from + atOnce - 1}`, async () => {
        const failures: string[] = []
        for (let seed = from; seed < from + atOnce; seed++) {
          await simulate(seed).catch((error: unknown) => failures.push(error instanceof Error ? error.message : String(error)))
        }
        expect(failures.join('\n\n')).toBe('')
      }, 300_000)
    }
  })
}
