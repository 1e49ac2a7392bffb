import { isIP } from 'node:net'

/**
 * The address that limits count by: an IPv4 address, or the /64 of an IPv6 one (a household has a whole /64).
 * @param forwardedFor the X-Forwarded-For header; believed only as far as one's own proxies wrote it.
 * @param trustedProxies how many of one's own proxies append to it.
 */
export function clientAddress(socketAddress: string | undefined, forwardedFor: string | undefined, trustedProxies: number): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const forwarded = trustedProxies > 0 ? hops[hops.length - trustedProxies] : undefined
  const address = forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : (socketAddress ?? '')
  return bucketOf(address)
}

function bucketOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (isIP(address) !== 6) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''))
  return `${groups.join(':')}::/64`
}
