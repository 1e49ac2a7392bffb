import { randomId } from '@alcove/shared/crypto/bytes'
import { databaseNames, deleteDatabase } from './database.ts'

/**
 * Where this browser stores no keys, the practice lives in a database of its own under a key in memory, and nobody can
 * read it once the page is gone. A lock, held as long as the page lives, tells the next start what may be removed.
 */
export function sessionDatabaseName(name: string): string {
  const own = `${name}-session-${randomId()}`
  if (hasLocks()) void navigator.locks.request(own, () => new Promise(() => undefined))
  return own
}

/** Removes what earlier pages left behind, unless they are still open. */
export async function removeLeftovers(name: string): Promise<void> {
  if (!hasLocks()) return
  const names = await databaseNames()
  for (const left of names.filter((other) => other.startsWith(`${name}-session-`))) {
    await navigator.locks.request(left, { ifAvailable: true }, async (lock) => {
      if (lock) await deleteDatabase(left)
    })
  }
}

function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && 'locks' in navigator
}
