/**
 * The one DTLS fingerprint of a session description, `AB:CD:...` in capitals; null when there is none, when there are
 * different ones, or when any is not SHA-256. Such a description is refused before the browser sees it: everything
 * that a description says about identity has to be the one thing that the pair channel vouches for.
 */
export function fingerprintOf(sdp: string): string | null {
  let found: string | null = null
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (!/^a=fingerprint:/i.test(line)) continue
    const match = /^a=fingerprint:sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\s*$/i.exec(line)
    const value = match?.[1]?.toUpperCase()
    if (value === undefined || (found !== null && found !== value)) return null
    found = value
  }
  return found
}
