import type { Stop } from '../../ports.ts'

/** A page that stays open for days asks now and then. */
const checkMs = 60 * 60 * 1000

export type ServiceWorkerUpdates = {
  onReady(listener: () => void): Stop
  apply(): void
}

/**
 * Registers the service worker and watches for its successor, which waits until `apply`. Only the page that asked for it
 * is reloaded here; the others go on with what they have loaded until their next start.
 */
export function createServiceWorkerUpdates(address = '/service-worker.js'): ServiceWorkerUpdates {
  const listeners = new Set<() => void>()
  let waiting: ServiceWorker | null = null
  let asked = false

  function found(worker: ServiceWorker): void {
    waiting = worker
    for (const listener of listeners) listener()
  }

  function follow(registration: ServiceWorkerRegistration): void {
    if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && navigator.serviceWorker.controller) found(worker)
      })
    })
    setInterval(() => void registration.update().catch(() => undefined), checkMs)
  }

  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (asked) window.location.reload()
    })
    // Blocked in some private windows: then the app works without it, online only.
    navigator.serviceWorker.register(address).then(follow, () => undefined)
  }

  return {
    onReady(listener) {
      listeners.add(listener)
      if (waiting) listener()
      return () => void listeners.delete(listener)
    },
    apply() {
      asked = true
      waiting?.postMessage('take-over')
    },
  }
}
