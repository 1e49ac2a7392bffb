import type { Config } from './config.ts'
import type { IceSource } from './session-hub/context.ts'
import { turnCredentials } from './turn-credentials.ts'

/** Without relay settings everybody gets the configured servers, and without those nothing: no third party is asked. */
export function createIceSource({ iceServers, relay }: Pick<Config, 'iceServers' | 'relay'>, random: (bytes: number) => string): IceSource {
  return {
    servers: (trusted, now) => (relay !== null && trusted ? [...iceServers, turnCredentials(relay, random(12), now)] : iceServers),
    renewEveryMs: relay === null ? null : relay.ttlMs / 2,
  }
}
