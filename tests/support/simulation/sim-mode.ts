import type { Random } from '../signaling/fuzz.ts'

/** What kind of server a practice of the simulation has, for its log. */
export const logModes = ['none', 'honest', 'faulty', 'malicious'] as const
/** `faulty`: loses its disk, or is restored from a backup. `malicious`: shows its devices whatever it likes. */
export type LogMode = (typeof logModes)[number]

/** How a device reaches the others: y-webrtc is switched off in `log`, the log in `peers`. */
export type Reach = 'both' | 'log' | 'peers'

export type SimMode = {
  readonly log: LogMode
  /** Of the device that is made next; the first is number 0. */
  readonly reachOf: (index: number) => Reach
}

export function chooseMode(random: Random, only?: LogMode): SimMode {
  const log =
    only ??
    random.pick<LogMode>(['none', 'honest', 'honest', 'honest', 'honest', 'faulty', 'faulty', 'malicious', 'malicious', 'malicious'])
  const ways = random.pick(['both', 'both', 'both', 'log', 'log', 'mixed'] as const)
  if (log === 'none') return { log, reachOf: () => 'both' }
  if (ways !== 'mixed') return { log, reachOf: () => ways }
  const reaches = Array.from({ length: 16 }, () => random.pick<Reach>(['both', 'log', 'peers']))
  // Somebody carries what one side has to the other.
  return { log, reachOf: (index) => (index === 0 ? 'both' : (reaches[index] ?? 'both')) }
}
