import type { LimitName, Limits } from './limits.ts'
import { createKeyedLimiter, perMinute } from './rate-limits.ts'

/** Counts connections, and WebSockets before the upgrade, when refusing is cheap. Addresses are kept only while they are in use. */
export type Door = {
  /** Null lets it in (and `leave` must follow), else the limit that was reached. */
  enter(address: string, now: number): LimitName | null
  leave(address: string): void
  /** Counts a TCP connection; false when it is one too many (and `disconnect` must not follow). */
  connect(address: string): boolean
  disconnect(address: string): void
  sweep(now: number): void
  sockets(): number
}

export function createDoor(limits: Limits): Door {
  const handshakes = createKeyedLimiter(perMinute(limits.LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE))
  const open = createCounter()
  const connections = createCounter()
  let total = 0
  return {
    enter(address, now) {
      if (!handshakes.take(address, now)) return 'LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE'
      if (total >= limits.LIMIT_SOCKETS) return 'LIMIT_SOCKETS'
      if (!open.add(address, limits.LIMIT_SOCKETS_PER_ADDRESS)) return 'LIMIT_SOCKETS_PER_ADDRESS'
      total += 1
      return null
    },
    leave(address) {
      open.remove(address)
      total -= 1
    },
    connect: (address) => connections.add(address, limits.LIMIT_CONNECTIONS_PER_ADDRESS),
    disconnect: connections.remove,
    sweep: (now) => handshakes.sweep(now),
    sockets: () => total,
  }
}

function createCounter() {
  const counts = new Map<string, number>()
  return {
    /** False, and nothing counted, when there are as many as there may be. */
    add(key: string, limit: number): boolean {
      const count = counts.get(key) ?? 0
      if (count < limit) counts.set(key, count + 1)
      return count < limit
    },
    remove(key: string): void {
      const count = counts.get(key) ?? 0
      if (count <= 1) counts.delete(key)
      else counts.set(key, count - 1)
    },
  }
}
