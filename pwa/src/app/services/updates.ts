import type { Stop, TabLock } from '../../ports.ts'

/** Held while a session runs in any tab: nothing is updated and no page reloaded meanwhile. */
export const sessionLockName = 'alcove-session-running'

/** A newer version of the app, fetched and waiting. It takes over only when somebody asks for it. */
export type AppUpdates = {
  /** Calls back once a version waits. */
  onReady(listener: () => void): Stop
  /** Takes it and reloads this page; other tabs keep what they have loaded until their next start. */
  apply(): void
}

/** False when a session runs on this device, in this tab or another: then nothing happens. */
export async function applyUpdate(updates: AppUpdates, tabs: Pick<TabLock, 'isHeld'>): Promise<boolean> {
  if (await tabs.isHeld(sessionLockName)) return false
  updates.apply()
  return true
}
