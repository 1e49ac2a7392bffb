import { readFileSync } from 'node:fs'
import type { SyncServer } from '../signaling/sync-servers.ts'

/** Resident bytes of a server that was started with heap-probe.mjs, after its garbage is collected. Linux: proc(5). */
export async function readRss({ pid }: SyncServer): Promise<number> {
  process.kill(pid, 'SIGUSR2')
  // Three collections, 20 ms apart.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * 1024
}
