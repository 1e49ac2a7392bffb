import { isIP } from 'node:net'

/**
 * Whether a page of this origin may open a session socket. With a configured list only that list; without, pages of
 * this very address, as long as the address cannot be a foreign name that was pointed at us (DNS rebinding).
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, publicOrigins: readonly string[] | null): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false
  const url = new URL(origin)
  if (url.origin !== origin || !/^https?:$/.test(url.protocol)) return false
  if (publicOrigins !== null) return publicOrigins.includes(origin)
  return url.host === host && isOwnName(url.hostname)
}

function isOwnName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}
