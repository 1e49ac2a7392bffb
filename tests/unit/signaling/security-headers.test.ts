import { describe, expect, it } from 'vitest'
import { securityHeaders } from '../../../signaling/src/security-headers.ts'

const plain = { host: 'localhost:8080', publicOrigins: null, secure: false, strictTransport: false }

function policy(context: Partial<typeof plain> | { publicOrigins: string[] } = {}): Map<string, string> {
  const text = securityHeaders({ ...plain, ...context })['Content-Security-Policy'] ?? ''
  return new Map(text.split('; ').map((directive) => [directive.split(' ')[0] ?? '', directive.split(' ').slice(1).join(' ')]))
}

describe('the content security policy', () => {
  it('allows nothing that is not named', () => {
    expect(policy().get('default-src')).toBe("'none'")
    for (const name of ['frame-ancestors', 'base-uri', 'form-action']) expect(policy().get(name)).toBe("'none'")
  })

  it('has no unsafe words, no wildcard and no other origin', () => {
    const text = [...policy().values()].join(' ')
    expect(text).not.toMatch(/unsafe|\*|https:|http:/)
    expect(policy().get('script-src')).toBe("'self'")
    expect(policy().get('style-src')).toBe("'self'")
  })

  it('lets the worker of the backgrounds compile WebAssembly, and no page', () => {
    const of = (path: string) => policy({ path } as Partial<typeof plain>).get('script-src')
    expect(of('/assets/app/backgrounds/frame-worker-Ab12.js')).toBe("'self' 'wasm-unsafe-eval'")
    for (const path of ['/', '/index.html', '/join', '/assets/join/join.js', '/assets/app/backgrounds/x', '/x/assets/app/backgrounds/a.js'])
      expect(of(path)).toBe("'self'")
  })

  it('names the session socket for browsers that do not count it as self', () => {
    expect(policy().get('connect-src')).toBe("'self' ws://localhost:8080")
    expect(policy({ secure: true }).get('connect-src')).toBe("'self' wss://localhost:8080")
    expect(policy({ publicOrigins: ['https://a.example', 'https://b.example'] }).get('connect-src')).toBe(
      "'self' wss://a.example wss://b.example",
    )
  })

  it('takes nothing over from a Host header that is no host', () => {
    for (const host of ["x; script-src 'unsafe-inline'", 'a b', 'a\r\nX: y', undefined]) {
      expect(policy({ host } as Partial<typeof plain>).get('connect-src')).toBe("'self'")
    }
  })
})

describe('the other headers', () => {
  it('send no referrer, guess no types, stand in no frame', () => {
    expect(securityHeaders(plain)).toMatchObject({
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
  })

  it('grant camera, microphone and screen to these pages alone', () => {
    const permissions = securityHeaders(plain)['Permissions-Policy']
    for (const name of ['camera', 'microphone', 'display-capture', 'autoplay', 'screen-wake-lock'])
      expect(permissions).toContain(`${name}=(self)`)
    for (const name of ['geolocation', 'payment', 'usb']) expect(permissions).toContain(`${name}=()`)
  })

  it('ask for HTTPS for good only where that will last', () => {
    expect(securityHeaders(plain)).not.toHaveProperty('Strict-Transport-Security')
    expect(securityHeaders({ ...plain, strictTransport: true })['Strict-Transport-Security']).toBe('max-age=31536000')
  })
})
