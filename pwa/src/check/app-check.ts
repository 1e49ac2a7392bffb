import { createServerProbe } from '../adapters/network/server-probe.ts'
import { createNotifications } from '../adapters/platform/notifications.ts'
import { createRelayProbe } from '../adapters/rtc/relay-probe.ts'
import type { KnownIceServers } from '../app/services/ice-servers.ts'
import type { Browser } from '../features/device-check/browser.ts'
import { type CheckEngine, type CheckEngineDeps, createCheckEngine } from '../features/device-check/check-engine.ts'
import { surroundings } from './surroundings.ts'

type AppCheckDeps = Pick<CheckEngineDeps, 'media' | 'sound' | 'clock' | 'page'> & {
  readonly browser: Browser
  readonly iceServers: Pick<KnownIceServers, 'current' | 'areKnown'>
}

/** In the clinician's app, whose room was lent a relay if the server has one. */
export function beginAppCheck({ iceServers, ...deps }: AppCheckDeps): CheckEngine {
  const probe = createRelayProbe()
  return createCheckEngine({
    ...deps,
    address: () => location.origin,
    surroundings: surroundings(),
    server: createServerProbe(),
    notifications: createNotifications(),
    relay: async () => (iceServers.areKnown() ? probe.measure(iceServers.current()) : 'not-allowed'),
  })
}
