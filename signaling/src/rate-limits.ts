/** Token buckets. Time is an argument, so that tests need no sleep and two servers no common clock. */
export type Bucket = { tokens: number; readAt: number }

export type Rate = { readonly perMs: number; readonly burst: number }

export function perMinute(count: number): Rate {
  return { perMs: count / 60_000, burst: count }
}

export function perHour(count: number): Rate {
  return { perMs: count / 3_600_000, burst: count }
}

export function createBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, readAt: now }
}

/** Takes one token; false when there is none. A clock that jumps back refills nothing. */
export function take(bucket: Bucket, rate: Rate, now: number): boolean {
  bucket.tokens = Math.min(rate.burst, bucket.tokens + Math.max(0, now - bucket.readAt) * rate.perMs)
  bucket.readAt = now
  if (bucket.tokens < 1) return false
  bucket.tokens -= 1
  return true
}

const complainEveryMs = 1000

/** Bounds what one socket sends, and keeps complaining from becoming a flood of its own. A class, since there are thousands. */
export class Meter {
  private readonly bucket: Bucket
  private dropped = 0
  private complainedAt = Number.NEGATIVE_INFINITY

  constructor(rate: Rate, now: number) {
    this.bucket = createBucket(rate, now)
  }

  /**
   * Counts a message in. `complain`: drop it and say so; at most once a second. `drop`: without a word. `fail`: it has gone
   * on for as long as a whole burst. `rate`: the same each time.
   */
  take(rate: Rate, now: number): 'ok' | 'complain' | 'drop' | 'fail' {
    if (take(this.bucket, rate, now)) {
      this.dropped = 0
      return 'ok'
    }
    this.dropped += 1
    if (this.dropped > rate.burst) return 'fail'
    if (now - this.complainedAt < complainEveryMs) return 'drop'
    this.complainedAt = now
    return 'complain'
  }
}

/** One bucket per key (an address, a room). Full buckets are forgotten, so that memory follows the traffic. */
export type KeyedLimiter = {
  take(key: string, now: number): boolean
  sweep(now: number): void
  size(): number
}

export function createKeyedLimiter(rate: Rate): KeyedLimiter {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, now) {
      let bucket = buckets.get(key)
      if (bucket === undefined) {
        bucket = createBucket(rate, now)
        buckets.set(key, bucket)
      }
      return take(bucket, rate, now)
    },
    sweep(now) {
      for (const [key, bucket] of buckets) {
        if (bucket.tokens + (now - bucket.readAt) * rate.perMs >= rate.burst) buckets.delete(key)
      }
    },
    size: () => buckets.size,
  }
}
