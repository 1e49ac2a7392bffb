import type { Stop } from '../../ports.ts'
import { type ClinicianRoomDeps, roomLockName } from './room-deps.ts'

/** A tab that reloads frees its lock a moment after the new one asks for it. */
const lockRetryMs: readonly number[] = [50, 100, 200, 400]
const lockPollMs = 2000

/**
 * Waits for the room of this device; `onElsewhere` says that another tab has it, perhaps for good. Null: closed
 * meanwhile, and nothing is held.
 */
export async function takeRoomLock(
  { clock, tabLock }: Pick<ClinicianRoomDeps, 'clock' | 'tabLock'>,
  isClosed: () => boolean,
  onElsewhere: () => void,
): Promise<Stop | null> {
  for (let attempt = 0; !isClosed(); attempt++) {
    const release = await tabLock.acquire(roomLockName)
    if (release && !isClosed()) return release
    release?.()
    if (attempt === lockRetryMs.length) onElsewhere()
    await new Promise<void>((resolve) => clock.after(lockRetryMs[attempt] ?? lockPollMs, resolve))
  }
  return null
}
