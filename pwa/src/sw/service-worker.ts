import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (string | { url: string; revision: string | null })[] }

/**
 * Every view of the app starts from the cache, with or without a network. A newer version is fetched beside it and
 * waits until the app asks for it: nobody's page changes under their hands. The patient's page passes through
 * untouched, and nothing of it is kept here.
 */
precacheAndRoute([...self.__WB_MANIFEST])
cleanupOutdatedCaches()

registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/(?:join|check)(?:$|[/?#])/, /^\/healthz/, /\/[^/?]+\.[^/]+$/],
  }),
)

/**
 * Backgrounds come with the first one that is chosen, and work without a network from then on. Most is put into this cache by whoever
 * fetched it (adapters/backgrounds/asset-cache.ts); the worker's script and the images, which carry a hash in their own names, are put
 * there here, with everything that the server said of them.
 */
const backgroundsCache = 'alcove-backgrounds'
const backgroundsPath = '/assets/app/backgrounds/'
const withHash = /-[\w-]{8}\.\w+$/
/** What came instead of it, as another network's page that asks for a password, would be kept for good under a name that never changes. */
const isItself = (name: string, type: string) => (name.endsWith('.js') ? /^(?:text|application)\/javascript\b/i : /^image\//i).test(type)

registerRoute(
  ({ url }) => url.origin === self.location.origin && url.pathname.startsWith(backgroundsPath),
  async ({ request, url }) => {
    const cache = await caches.open(backgroundsCache).catch(() => null)
    const kept = await cache?.match(url.pathname)
    if (kept) return kept
    const response = await fetch(request)
    const name = url.pathname.slice(backgroundsPath.length)
    const type = response.headers.get('content-type') ?? ''
    if (cache && response.ok && withHash.test(name) && isItself(name, type)) await keepNewest(cache, name, response.clone())
    return response
  },
)

/** `frame-worker-a1B2c3D4.js` takes the place of every other `frame-worker-`. A full disk makes it slower the next time. */
async function keepNewest(cache: Cache, name: string, response: Response): Promise<void> {
  const withoutHash = (path: string) => path.replace(withHash, '')
  try {
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url)
      if (withoutHash(pathname) === withoutHash(backgroundsPath + name)) await cache.delete(request)
    }
    await cache.put(backgroundsPath + name, response)
  } catch {
    // Fetched again next time.
  }
}

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

// The first version serves the page that installed it, so that a reload without a network works at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
