import { describe, expect, it } from 'vitest'
import { attacks } from './sim-log-attacks.ts'
import { type LogMode, logModes } from './sim-mode.ts'
import { type SimReport, simulate } from './simulate.ts'

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

/** Those in which a server kept the log. */
export const logRegressions: readonly { readonly seed: number; readonly log: LogMode; readonly was: string }[] = [
  { seed: 8, log: 'malicious', was: 'a log that had been rewritten under a snapshot was read from that snapshot again and again' },
  { seed: 20, log: 'malicious', was: 'a device waited for a key on a chain log that was not there any more' },
  { seed: 23, log: 'malicious', was: 'what could not be stored was not asked for on the next connection' },
  { seed: 2222, log: 'malicious', was: 'what stood under a key that came to nothing was not written again' },
  { seed: 82066, log: 'malicious', was: 'a list of devices that the server had no room for was not told it again' },
  { seed: 82174, log: 'malicious', was: 'an answer that led to another end was taken where what came before it was not known' },
  { seed: 111, log: 'faulty', was: 'what came from the log was not passed on to a device that does not reach it' },
]

/** Those whose server was drawn like everything else. */
export const drawnRegressions: readonly { readonly seed: number; readonly was: string }[] = [
  { seed: 301_566, was: 'entries of the chain stood under a key that came to nothing, and a device that had never had it waited for good' },
  { seed: 302_329, was: 'a device was let in by one that did not reach the server, and nobody else could put it on the list' },
  { seed: 302_502, was: 'a device with a full disk did not know who was let in, and left out for good what that one wrote' },
  { seed: 303_031, was: 'one was let in by a device that was removed at the same time, and what it wrote was called forged' },
  { seed: 303_875, was: 'a device with a full disk did not know who was let in, and called its snapshot forged' },
  { seed: 305_712, was: 'a stolen device that was removed was expected to notice what a dishonest server did' },
  { seed: 306_202, was: 'devices were let in by one that was removed before it could tell the server' },
  { seed: 404_448, was: 'of two lists that were signed at the same time the server said of the slower one, too, that it was kept' },
  { seed: 402_517, was: 'a new administrator had the list from before, and did not take removed devices off it' },
  { seed: 410_003, was: 'a record of a newer key was expected to count where the server had left it out' },
  { seed: 411_477, was: 'a device that began at a snapshot took for known what it had written into another log' },
  { seed: 413_989, was: 'a device that heard of a new key while it read was expected to have known' },
  { seed: 412_599, was: 'the simulated disk kept no older key that came beside entries which wait for others' },
  { seed: 406_821, was: 'a device forgot an entry that was taken out of its practice document, and called those forged whom it let in' },
]

/** Two files share the runs, so that two processors do. */
export function describeRuns(part: 0 | 1): void {
  describe(`a practice for some hours (seeds from ${firstSeed}; again: npm run simulate -- <seed>)`, () => {
    const reports: SimReport[] = []
    for (let from = firstSeed + (part * runs) / 2; from < firstSeed + ((part + 1) * runs) / 2; from += atOnce) {
      it(`ends with equal devices, nothing lost, nothing believed that was not signed and every attack noticed: seeds ${from} to ${from + atOnce - 1}`, async () => {
        const failures: string[] = []
        for (let seed = from; seed < from + atOnce; seed++) {
          await simulate(seed).then(
            (report) => reports.push(report),
            (error: unknown) => failures.push(error instanceof Error ? error.message : String(error)),
          )
        }
        expect(failures.join('\n\n')).toBe('')
      }, 300_000)
    }

    it('saw servers of every kind, most attacks, and pruning', () => {
      expect(new Set(reports.map(({ log }) => log))).toEqual(new Set(logModes))
      expect(new Set(reports.flatMap((report) => report.attacks)).size).toBeGreaterThan(attacks.length / 2)
      const noticed = new Set(reports.flatMap((report) => report.noticed))
      for (const kind of ['rolled-back', 'forked', 'withheld'] as const) expect(noticed).toContain(kind)
      expect(reports.some(({ pruned }) => pruned > 0)).toBe(true)
      expect(reports.some(({ smuggled }) => smuggled > 0)).toBe(true)
    })
  })
}
