/**
 * What may befall a worker, at the platform's own doors, before the code under test runs: the lab tells by a channel, since the
 * worker's messages are the processor's.
 */
const contexts: WebGL2RenderingContext[] = []
const getContext = OffscreenCanvas.prototype.getContext as (this: OffscreenCanvas, ...args: unknown[]) => OffscreenRenderingContext | null

OffscreenCanvas.prototype.getContext = function remember(this: OffscreenCanvas, ...args: unknown[]) {
  const context = getContext.apply(this, args)
  if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) contexts.push(context)
  return context
} as typeof OffscreenCanvas.prototype.getContext

export type Fault = 'lose context' | 'hang' | 'crash'

new BroadcastChannel('faults').addEventListener('message', ({ data }: MessageEvent<Fault>) => {
  if (data === 'lose context') contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext()
  else if (data === 'hang') for (;;);
  else throw new Error('Something nobody thought of')
})
