/** What this browser can do at all. */
export function surroundings(): 'ready' | 'insecure' | 'unsupported' {
  if (!isSecureContext) return 'insecure'
  const has = typeof RTCPeerConnection !== 'undefined' && typeof AudioContext !== 'undefined' && navigator.mediaDevices !== undefined
  return has ? 'ready' : 'unsupported'
}
