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

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})

// The first version serves the page that installed it, so that a reload without a network works at once.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
