import type { Stop } from '../../ports.ts'

/** The other tabs of this app in this browser. A message says only that there is something new in the store. */
export type Tabs = {
  announce(): void
  listen(listener: () => void): Stop
  close(): void
}

export function createTabs(name: string): Tabs {
  const channel = new BroadcastChannel(name)
  const listeners = new Set<() => void>()
  channel.onmessage = () => {
    for (const listener of listeners) listener()
  }
  return {
    announce: () => channel.postMessage('stored'),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => channel.close(),
  }
}
