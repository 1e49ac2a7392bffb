import { siteOrigin } from '@alcove/shared/protocol/extension-inside'
import * as v from '@alcove/shared/protocol/schema'

/** The origin of what somebody typed or copied (`alcove.example`, a whole link), or null when it cannot be a site of ours. */
export function originOf(typed: string): string | null {
  const text = typed.trim()
  if (text === '') return null
  const isLocal = /^(?:localhost|127\.0\.0\.1)(?:[:/]|$)/.test(text)
  try {
    const { origin } = new URL(/^[a-z]+:\/\//i.test(text) ? text : `${isLocal ? 'http' : 'https'}://${text}`)
    return v.safeParse(siteOrigin, origin).success ? origin : null
  } catch {
    return null
  }
}

/**
 * The match pattern to ask for and to register with. Chromium's know ports, so that another server on the same computer is
 * out of reach; those of Firefox and Safari do not, and there the exact origin is checked at every message alone.
 */
export function matchPattern(origin: string, knowsPorts: boolean): string {
  const { protocol, hostname } = new URL(origin)
  return knowsPorts ? contentPattern(origin) : `${protocol}//${hostname}/*`
}

/** For Chromium's content settings: this origin and no other, the port always said. */
export function contentPattern(origin: string): string {
  const { protocol, hostname, port } = new URL(origin)
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}/*`
}
