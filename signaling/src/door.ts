import type { LimitName, Limits } from './limits.ts'
import { createKeyedLimiter, perMinute } from './rate-limits.ts'

/** Counts WebSockets before the upgrade, when refusing is cheap. Addresses are kept only while they are in use. */
export type Door = {
  /** Null lets it in (and `leave` must follow), else the limit that was reached. */
  enter(address: string, now: number): LimitName | null
  leave(address: string): void
  sweep(now: number): void
  sockets(): number
}

export function createDoor(limits: Limits): Door {
  const handshakes = createKeyedLimiter(perMinute(limits.LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE))
  const open = new Map<string, number>()
  let total = 0
  return {
    enter(address, now) {
      if (!handshakes.take(address, now)) return 'LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE'
      if (total >= limits.LIMIT_SOCKETS) return 'LIMIT_SOCKETS'
      const here = open.get(address) ?? 0
      if (here >= limits.LIMIT_SOCKETS_PER_ADDRESS) return 'LIMIT_SOCKETS_PER_ADDRESS'
      open.set(address, here + 1)
      total += 1
      return null
    },
    leave(address) {
      const here = open.get(address) ?? 0
      if (here <= 1) open.delete(address)
      else open.set(address, here - 1)
      total -= 1
    },
    sweep: (now) => handshakes.sweep(now),
    sockets: () => total,
  }
}
