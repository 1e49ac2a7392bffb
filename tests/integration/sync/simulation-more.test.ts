import { describe, expect, it } from 'vitest'
import { simulate } from '../../support/simulation/simulate.ts'
import { sabotages } from '../../support/simulation/sim-store-types.ts'
import { describeRuns, drawnRegressions } from '../../support/simulation/suite.ts'

describeRuns(1)

describe('the simulation', () => {
  it('does the same again for the same seed', async () => {
    const [one, two] = [await simulate(4), await simulate(4)]
    expect(two).toEqual(one)
  }, 60_000)

  it.each(drawnRegressions)(
    '$seed does not fail any more: $was',
    async ({ seed }) => {
      await expect(simulate(seed)).resolves.toMatchObject({ devices: expect.any(Number) })
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
