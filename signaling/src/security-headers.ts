/** The worker of the backgrounds, whose answer this policy belongs to, compiles WebAssembly. No page does. */
const compilingWorkers = /^\/assets\/app\/backgrounds\/[\w.-]+\.js$/

/** What a page of ours may do. No inline script or style, nothing from elsewhere, no frames in either direction. */
export function contentSecurityPolicy(webSocketOrigins: readonly string[], path = '/'): string {
  return [
    "default-src 'none'",
    compilingWorkers.test(path) ? "script-src 'self' 'wasm-unsafe-eval'" : "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: mediastream:",
    // Older WebKit does not count ws: of the same host as 'self'.
    ["connect-src 'self'", ...webSocketOrigins].join(' '),
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

const allowed = ['autoplay', 'camera', 'display-capture', 'fullscreen', 'microphone', 'screen-wake-lock', 'speaker-selection']
const denied = ['accelerometer', 'geolocation', 'gyroscope', 'magnetometer', 'midi', 'payment', 'usb']

const permissionsPolicy = [...allowed.map((name) => `${name}=(self)`), ...denied.map((name) => `${name}=()`)].join(', ')

export type HeaderContext = {
  /** Of the address that was asked for, without the query. */
  readonly path?: string
  /** The Host header as it came; whoever sends it only talks to itself. */
  readonly host: string | undefined
  readonly publicOrigins: readonly string[] | null
  readonly secure: boolean
  /** Browsers remember it for a year: only with a certificate that will be there. */
  readonly strictTransport: boolean
}

/** On every answer, pages or not. */
export function securityHeaders(context: HeaderContext): Readonly<Record<string, string>> {
  const { host, path, publicOrigins, secure, strictTransport } = context
  const own = host !== undefined && /^[a-z0-9.\-[\]:]{1,255}$/i.test(host) ? [`${secure ? 'wss' : 'ws'}://${host}`] : []
  const sockets = publicOrigins === null ? own : publicOrigins.map((origin) => origin.replace(/^http/, 'ws'))
  return {
    'Content-Security-Policy': contentSecurityPolicy(sockets, path),
    'Permissions-Policy': permissionsPolicy,
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(strictTransport && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
}
