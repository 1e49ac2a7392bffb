import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { createTabChannel } from '../adapters/platform/tab-channel.ts'
import { createTabLock } from '../adapters/platform/tab-lock.ts'
import { iceServersChannel, type TabMessage } from '../app/services/ice-servers.ts'
import { createPracticeMark } from '../app/services/practice-mark.ts'
import { roomLockName } from '../features/session/room-deps.ts'
import type { Clock, Preferences } from '../ports.ts'

/** Another tab of this browser answers within a moment, if there is one. */
const tabsMs = 600

/**
 * The servers that this browser's clinician was lent: told by the app in another tab, else asked of the server as the
 * clinician's device, for as long as the answer takes. Null where there is no clinician's room.
 */
export async function lentServers(clock: Clock, preferences: Preferences): Promise<readonly IceServer[] | null> {
  const told = await fromOtherTab(clock)
  if (told) return told
  if (!createPracticeMark(preferences).stands()) return null
  // One connection per device: a second one would end the app's own.
  const release = await createTabLock().acquire(roomLockName)
  if (!release) return null
  try {
    return await (await import('./own-room.ts')).serversOfOwnRoom(clock, preferences)
  } finally {
    release()
  }
}

function fromOtherTab(clock: Clock): Promise<readonly IceServer[] | null> {
  const tabs = createTabChannel(iceServersChannel)
  return new Promise((resolve) => {
    const stopListening = tabs.listen((raw) => {
      const message = raw as TabMessage
      if (message.type === 'servers') settle(message.servers)
    })
    const stopWaiting = clock.after(tabsMs, () => settle(null))
    function settle(servers: readonly IceServer[] | null): void {
      stopListening()
      stopWaiting()
      resolve(servers)
    }
    tabs.post({ type: 'ask' } satisfies TabMessage)
  })
}
