import { type Accessor, createEffect, onCleanup } from 'solid-js'
import type { Stop, TabLock } from '../../ports.ts'
import { sessionLockName } from './updates.ts'

/** Tells every tab of this device that a session runs, so that none updates the app meanwhile. */
export function createSessionLock(tabs: Pick<TabLock, 'acquire'>, running: Accessor<boolean>): void {
  createEffect(() => {
    if (!running()) return
    let release: Stop | null = null
    let over = false
    void tabs.acquire(sessionLockName).then((stop) => {
      if (over) stop?.()
      else release = stop
    })
    onCleanup(() => {
      over = true
      release?.()
    })
  })
}
