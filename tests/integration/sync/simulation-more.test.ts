import { describe, expect, it } from 'vitest'
import { simulate } from '../../support/simulation/simulate.ts'
import { describeRuns } from '../../support/simulation/suite.ts'

describeRuns(1)

describe('the simulation', () => {
  it('does the same again for the same seed', async () => {
    const [one, two] = [await simulate(4), await simulate(4)]
    expect(two).toEqual(one)
  }, 60_000)
})
