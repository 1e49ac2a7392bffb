import { describe, expect, it } from 'vitest'
import { simulate } from '../../support/simulation/simulate.ts'
import { sabotages } from '../../support/simulation/sim-store-types.ts'
import { describeRuns } from '../../support/simulation/suite.ts'

describeRuns(1)

describe('the simulation', () => {
  it('does the same again for the same seed', async () => {
    const [one, two] = [await simulate(4), await simulate(4)]
    expect(two).toEqual(one)
  }, 60_000)

  // Entries of the chain stood under a key that came to nothing, and a device that had never had it waited for them for good.
  it.each([301_566, 307_095])(
    'does not fail any more with seed %i',
    async (seed) => {
      await expect(simulate(seed)).resolves.toBeDefined()
    },
    60_000,
  )

  it.each(sabotages)(
    'notices a broken rule among devices alone: %s',
    async (sabotage) => {
      let failure: unknown = null
      for (let seed = 1; seed <= 12 && !failure; seed++) {
        await simulate(seed, { sabotage, log: 'none' }).catch((error: unknown) => {
          failure = error
        })
      }
      expect(failure).toBeInstanceOf(Error)
    },
    120_000,
  )
})
