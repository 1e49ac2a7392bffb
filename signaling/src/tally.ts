import { errorFields, type Log } from './log.ts'
import type { LogHubEvent } from './sealed-log/context.ts'
import type { HubEvent } from './session-hub/context.ts'

/** Turns events into one line of counts a minute, so that an attack cannot flood the log. */
export type Tally = {
  count(name: string): void
  report(event: HubEvent | LogHubEvent): void
  /** Writes the counts since the last time, if any. */
  flush(): void
}

export function createTally(log: Log): Tally {
  let counts = new Map<string, number>()
  const tally: Tally = {
    count(name) {
      const before = counts.get(name) ?? 0
      counts.set(name, before + 1)
      if (before === 0 && name.startsWith('LIMIT_')) log.warn('limit-reached', { limit: name })
    },
    report(event) {
      switch (event.type) {
        case 'limit':
          return tally.count(event.limit)
        case 'refused':
          return tally.count(event.reason)
        case 'authenticated':
          return tally.count(`authenticated-${event.role}`)
        case 'fault':
          return log.error('fault', errorFields(event.error))
        case 'withheld':
          return log.error('withheld')
        default:
          return tally.count(event.type)
      }
    },
    flush() {
      if (counts.size > 0) log.info('counts', Object.fromEntries(counts))
      counts = new Map()
    },
  }
  return tally
}
