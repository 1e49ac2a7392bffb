export const backoffFirstMs = 300
export const backoffLastMs = 15_000

/**
 * How long to wait before the next try: "full jitter", anywhere below a limit that doubles from 0.3 s to 15 s, so that
 * a thousand clients of a restarted server do not come back in the same instant.
 * `attempt` counts from 0; `random` is a number in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const limitMs = Math.min(backoffLastMs, backoffFirstMs * 2 ** Math.min(attempt, 16))
  return Math.round(limitMs * random)
}
