import type { ServerProbe } from '../../ports.ts'

/** The first request also opens the connection, which is not what an arrival waits for. */
const tries = 4
const limitMs = 8000

/** `/healthz` of the server: nothing is sent but the request itself. */
export function createServerProbe(): ServerProbe {
  return {
    async roundTrip() {
      if (!navigator.onLine) return 'offline'
      const limit = AbortSignal.timeout(limitMs)
      let shortestMs: number | null = null
      try {
        for (let count = 0; count < tries; count += 1) {
          const startedAt = performance.now()
          const answer = await fetch('/healthz', { cache: 'no-store', credentials: 'omit', redirect: 'error', signal: limit })
          await answer.arrayBuffer()
          if (!answer.ok) return 'unreachable'
          const tookMs = performance.now() - startedAt
          if (count > 0) shortestMs = Math.min(shortestMs ?? tookMs, tookMs)
        }
      } catch {
        // Slow is not away: what has answered once counts.
        if (shortestMs === null) return navigator.onLine ? 'unreachable' : 'offline'
      }
      return { roundTripMs: shortestMs ?? limitMs }
    },
  }
}
