import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { openStore } from '../adapters/schedule/open-store.ts'
import { createSignaling, openBrowserSocket, sessionUrl } from '../adapters/signaling/create-signaling.ts'
import { enrolmentKey } from '../features/session/room-line.ts'
import type { Clock, HostIdentity, Preferences } from '../ports.ts'

/** A server that does not answer by then is the business of another line. */
const limitMs = 8000

/**
 * Opens the practice's store for its room's keys, and stands before the server as this device until it has said what it
 * lends. Whoever holds the room's lock calls it: another tab's connection would be replaced.
 */
export async function serversOfOwnRoom(clock: Clock, preferences: Preferences): Promise<readonly IceServer[] | null> {
  const store = await openStore({ now: () => clock.now(), preferences })
  if (!store.ok) return null
  try {
    const identity = await store.value.vault.hostIdentity()
    return identity && (await askServer(identity, clock, preferences))
  } finally {
    await store.value.close()
  }
}

function askServer(identity: HostIdentity, clock: Clock, preferences: Preferences): Promise<readonly IceServer[] | null> {
  const signaling = createSignaling({
    clock,
    origin: location.origin,
    url: sessionUrl(location),
    random: Math.random,
    openSocket: openBrowserSocket,
  })
  return new Promise((resolve) => {
    const socket = signaling.host(identity, preferences.get(enrolmentKey), (event) => {
      if (event.type === 'message' && event.message.type === 'ready') settle(event.message.iceServers)
      if (event.type === 'state' && event.state.kind === 'refused') settle(null)
    })
    const stopWaiting = clock.after(limitMs, () => settle(null))
    function settle(servers: readonly IceServer[] | null): void {
      stopWaiting()
      resolve(servers)
      socket.close()
    }
  })
}
