import type { Stop, TabLock } from '../../ports.ts'

/**
 * Web Locks say which tab has it, a BroadcastChannel of the same name carries the call to come forward. The browser
 * frees the lock of a tab that crashed. Without Web Locks every tab believes that it is the only one.
 */
export function createTabLock(): TabLock {
  const locks: LockManager | undefined = navigator.locks
  return {
    async acquire(name) {
      if (!locks) return () => undefined
      return new Promise<Stop | null>((resolve) => {
        const held = locks.request(name, { ifAvailable: true }, (lock) => {
          if (!lock) {
            resolve(null)
            return
          }
          return new Promise<void>((release) => resolve(() => release()))
        })
        held.catch(() => resolve(null))
      })
    },
    async isHeld(name) {
      const state = await locks?.query().catch(() => undefined)
      return state?.held?.some((lock) => lock.name === name) ?? false
    },
    summon(name) {
      const channel = new BroadcastChannel(name)
      channel.postMessage('summon')
      channel.close()
    },
    onSummoned(name, listener) {
      const channel = new BroadcastChannel(name)
      channel.onmessage = (event) => {
        if (event.data === 'summon') listener()
      }
      return () => channel.close()
    },
  }
}
