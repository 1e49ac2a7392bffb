import type { Random } from '../signaling/fuzz.ts'

/** What kind of server a practice of the simulation has, for its log. */
export const logModes = ['none', 'honest', 'faulty', 'malicious'] as const
/** `faulty`: loses its disk, or is restored from a backup. `malicious`: shows its devices whatever it likes. */
export type LogMode = (typeof logModes)[number]

/** How a device reaches the others: y-webrtc is switched off in `log`, the log in `peers`. */
export type Reach = 'both' | 'log' | 'peers'

export type SimMode = {
  readonly log: LogMode
  /** Which attack comes first; the others follow in turn, so that a few runs see all. */
  readonly firstAttack: number
  /** Of the device that is made next; the first is number 0. */
  readonly reachOf: (index: number) => Reach
}

export function chooseMode(random: Random, seed: number, only?: LogMode): SimMode {
  const firstAttack = seed
  const log =
    only ??
    random.pick<LogMode>(['none', 'honest', 'honest', 'honest', 'honest', 'faulty', 'faulty', 'malicious', 'malicious', 'malicious'])
  const ways = random.pick(['both', 'both', 'both', 'log', 'log', 'mixed'] as const)
  if (log === 'none') return { log, firstAttack, reachOf: () => 'both' }
  if (ways !== 'mixed') return { log, firstAttack, reachOf: () => ways }
  const reaches = Array.from({ length: 16 }, () => random.pick<Reach>(['both', 'log', 'peers']))
  // Somebody carries what one side has to the other.
  return { log, firstAttack, reachOf: (index) => (index === 0 ? 'both' : (reaches[index] ?? 'both')) }
}

/** Snapshots and their confirmations are written at rest, and what another device told of a log is waited for before it is doubted. */
export function restsAfterMs({ log }: SimMode): number {
  return log === 'none' ? 10_000 : 120_000
}
