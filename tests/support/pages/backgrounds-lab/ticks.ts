/** Sixty times a second, also in a hidden tab. */
export function createTicks(tick: () => void): () => void {
  const worker = new Worker(new URL('./ticks-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', tick)
  return () => worker.terminate()
}
