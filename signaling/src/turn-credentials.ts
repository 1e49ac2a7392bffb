import { createHmac } from 'node:crypto'
import type { IceServer } from '@alcove/shared/protocol/session-messages'

/** The part of the configuration that credentials are made of. */
export type TurnSettings = { readonly secret: string; readonly urls: readonly string[]; readonly ttlMs: number }

/**
 * Short-lived TURN credentials as coturn's `use-auth-secret` checks them (draft-uberti-behave-turn-rest-00): the user name
 * is `expiry:opaque`, the password base64(HMAC-SHA1(secret, user name)).
 * @param opaque lands in coturn's log: random per call, never an identifier of a person.
 */
export function turnCredentials(settings: TurnSettings, opaque: string, now: number): IceServer {
  const expiry = Math.floor((now + settings.ttlMs) / 1000)
  const username = `${expiry}:${opaque}`
  const credential = createHmac('sha1', settings.secret).update(username).digest('base64')
  return { urls: [...settings.urls], username, credential }
}
