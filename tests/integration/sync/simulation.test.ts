import { describe, expect, it } from 'vitest'
import { simulate } from '../../support/simulation/simulate.ts'
import { describeRuns, logRegressions, regressions } from '../../support/simulation/suite.ts'

describeRuns(0)

describe('seeds that failed once', () => {
  it.each(regressions)(
    '$seed: $was',
    async ({ seed }) => {
      await expect(simulate(seed, { log: 'none' })).resolves.toMatchObject({ devices: expect.any(Number) })
    },
    60_000,
  )

  it.each(logRegressions)(
    '$seed, with a server that is $log: $was',
    async ({ seed, log }) => {
      await expect(simulate(seed, { log })).resolves.toMatchObject({ log })
    },
    60_000,
  )
})
