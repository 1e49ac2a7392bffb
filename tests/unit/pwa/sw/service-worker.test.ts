import { afterEach, beforeEach, expect, it, vi } from 'vitest'

type Handler = (asked: { readonly request: Request; readonly url: URL }) => Promise<Response>
const routes = vi.hoisted((): unknown[][] => [])

vi.mock('workbox-precaching', () => ({
  cleanupOutdatedCaches: () => undefined,
  createHandlerBoundToURL: () => undefined,
  precacheAndRoute: () => undefined,
}))
vi.mock('workbox-routing', () => ({
  NavigationRoute: class {},
  registerRoute: (...route: unknown[]) => void routes.push(route),
}))

const origin = 'https://alcove.example'
/** Written for a worker's globals: its types are not those of a page. */
const program = '../../../../pwa/src/sw/service-worker.ts'
const kept = new Map<string, Response>()
let served: Response

beforeEach(async () => {
  kept.clear()
  const cache = {
    match: async (path: string) => kept.get(path),
    keys: async () => [...kept.keys()].map((path) => ({ url: origin + path })),
    put: async (path: string, response: Response) => void kept.set(path, response),
    delete: async ({ url }: { url: string }) => kept.delete(new URL(url).pathname),
  }
  vi.stubGlobal('self', { __WB_MANIFEST: [], addEventListener: () => undefined, location: { origin } })
  vi.stubGlobal('caches', { open: async () => cache })
  vi.stubGlobal('fetch', async () => served)
  await import(program)
})
afterEach(() => void vi.unstubAllGlobals())

async function get(name: string, type: string, status = 200): Promise<readonly string[]> {
  const handler = routes.map((route) => route[1]).find((second): second is Handler => typeof second === 'function')
  if (!handler) throw new Error('There is no route for backgrounds')
  const url = new URL(`/assets/app/backgrounds/${name}`, origin)
  served = new Response('bytes', { status, headers: { 'content-type': type } })
  expect(await (await handler({ request: new Request(url), url })).text()).toBe('bytes')
  return [...kept.keys()].map((path) => path.slice('/assets/app/backgrounds/'.length))
}

it('keeps the worker’s script and the images of backgrounds, the newest of each', async () => {
  expect(await get('frame-worker-a1B2c3D4.js', 'text/javascript; charset=utf-8')).toEqual(['frame-worker-a1B2c3D4.js'])
  expect(await get('forest-a1B2c3D4.webp', 'image/webp')).toHaveLength(2)
  expect(await get('frame-worker-e5F6g7H8.js', 'application/javascript')).toEqual(['forest-a1B2c3D4.webp', 'frame-worker-e5F6g7H8.js'])
})

it('keeps nothing that only came in their place', async () => {
  expect(await get('frame-worker-a1B2c3D4.js', 'text/html; charset=utf-8')).toEqual([])
  expect(await get('forest-a1B2c3D4.webp', 'text/html')).toEqual([])
  expect(await get('forest-a1B2c3D4.webp', '')).toEqual([])
  expect(await get('forest-a1B2c3D4.webp', 'image/webp', 404)).toEqual([])
})
