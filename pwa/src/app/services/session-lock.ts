import { type Accessor, createEffect, createMemo, onCleanup } from 'solid-js'
import type { Clock, Stop, TabLock } from '../../ports.ts'
import { sessionLockName } from './updates.ts'

/** A lock that is let go and asked for again at once (the next session) may be refused once. */
const againMs = 200

/** Tells every tab of this device that a session runs, so that none updates the app meanwhile. */
export function createSessionLock(tabs: Pick<TabLock, 'acquire'>, clock: Pick<Clock, 'after'>, running: Accessor<boolean>): void {
  const isRunning = createMemo(running)
  createEffect(() => {
    if (!isRunning()) return
    let letGo: Stop = () => undefined
    let over = false
    async function hold(): Promise<void> {
      const release = await tabs.acquire(sessionLockName)
      if (over) release?.()
      else letGo = release ?? clock.after(againMs, () => void hold())
    }
    void hold()
    onCleanup(() => {
      over = true
      letGo()
    })
  })
}
