/**
 * The SHA-256 fingerprint of the certificate that a session description stands for, as it is written there (RFC 8122),
 * upper case. Null when it names none or more than one: then nobody could say which of them is in use.
 */
export function fingerprintOf(sdp: string): string | null {
  const named = [...sdp.matchAll(/^a=fingerprint:(\S+)\s+(\S+)\s*$/gim)]
  const distinct = new Set(named.map(([, algorithm, value]) => `${algorithm?.toLowerCase()} ${value?.toUpperCase()}`))
  const [only] = distinct
  if (distinct.size !== 1 || only === undefined) return null
  return /^sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/.exec(only)?.[1] ?? null
}
