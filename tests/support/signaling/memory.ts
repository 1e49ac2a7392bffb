import type { RunningServer } from '../server.ts'
import { until } from '../wire-client.ts'

/** Give it to `startServer` so that `measureMemory` works. */
export const probed = { NODE_OPTIONS: '--import ./tests/support/signaling/heap-probe.mjs' }

export type Memory = { readonly heapBytes: number; readonly externalBytes: number; readonly rssBytes: number; readonly handles: number }

/** What the server holds on to after its garbage is collected. */
export async function measureMemory(server: RunningServer): Promise<Memory> {
  const lines = () => Array.from(server.output().matchAll(/^heap-probe \d+ (\d+) (\d+) (\d+) (\d+)$/gm))
  const before = lines().length
  process.kill(server.pid, 'SIGUSR2')
  const [, heap, external, rss, handles] = await until(() => lines()[before], 'the heap probe')
  return { heapBytes: Number(heap), externalBytes: Number(external), rssBytes: Number(rss), handles: Number(handles) }
}
