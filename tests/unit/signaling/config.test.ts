import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../signaling/src/config.ts'
import { limitDefaults } from '../../../signaling/src/limits.ts'

function mistakes(environment: Record<string, string>, args: readonly string[] = []): readonly string[] {
  const config = readConfig(environment, args)
  return config.ok ? [] : config.error
}

function config(environment: Record<string, string>, args: readonly string[] = []) {
  const result = readConfig(environment, args)
  if (!result.ok) throw new Error(result.error.join(' '))
  return result.value
}

describe('an empty environment', () => {
  it('gives a server for this computer that asks no third party and costs nobody anything', () => {
    expect(config({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      publicOrigins: null,
      tls: null,
      trustedProxies: 0,
      iceServers: [],
      relay: null,
      sealedLog: { enrolmentCode: null },
      lan: false,
      stateDir: '.alcove',
      dataDir: '.alcove/data',
      logLevel: 'info',
      limits: limitDefaults,
    })
  })

  it('is what empty variables mean, too', () => {
    expect(config({ PORT: '', HOST: ' ', ICE_SERVERS: '', TURN_SECRET: '', LIMIT_ROOMS: '' })).toEqual(config({}))
  })
})

describe('every variable', () => {
  it('is read', () => {
    const full = config({
      HOST: '0.0.0.0',
      PORT: '0',
      PUBLIC_ORIGIN: 'https://alcove.example, https://other.example:8443',
      TLS_CERT: '/etc/cert.pem',
      TLS_KEY: '/etc/key.pem',
      TRUST_PROXY: '2',
      ICE_SERVERS: 'stun:stun.example:3478,stun:[2001:db8::1]',
      TURN_SECRET: 'a secret of coturn',
      TURN_URLS: 'turn:turn.example:3478?transport=udp, turns:turn.example:443',
      TURN_TTL: '600',
      ENROLMENT_CODE: 'open sesame',
      STATE_DIR: '/var/lib/alcove',
      DATA_DIR: '/var/lib/alcove-data',
      LOG_LEVEL: 'warn',
      LIMIT_ROOMS: '7',
      UNRELATED: 'x',
    })
    expect(full).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      publicOrigins: ['https://alcove.example', 'https://other.example:8443'],
      tls: { certPath: '/etc/cert.pem', keyPath: '/etc/key.pem' },
      trustedProxies: 2,
      iceServers: [{ urls: ['stun:stun.example:3478', 'stun:[2001:db8::1]'] }],
      relay: {
        secret: 'a secret of coturn',
        urls: ['turn:turn.example:3478?transport=udp', 'turns:turn.example:443'],
        ttlMs: 600_000,
        enrolmentCode: 'open sesame',
      },
      sealedLog: { enrolmentCode: 'open sesame' },
      stateDir: '/var/lib/alcove',
      dataDir: '/var/lib/alcove-data',
      logLevel: 'warn',
    })
    expect(full.limits).toEqual({ ...limitDefaults, LIMIT_ROOMS: 7 })
  })

  it('--lan listens on all interfaces', () => {
    expect(config({}, ['--lan'])).toMatchObject({ lan: true, host: '0.0.0.0' })
    expect(config({ HOST: '192.0.2.1' }, ['--lan']).host).toBe('192.0.2.1')
  })

  it('ICE_SERVERS may be JSON as the browser takes it', () => {
    const servers = [{ urls: 'stun:a.example' }, { urls: ['turn:b.example'], username: 'u', credential: 'c' }]
    expect(config({ ICE_SERVERS: JSON.stringify(servers) }).iceServers).toEqual([{ urls: ['stun:a.example'] }, servers[1]])
  })
})

describe('the sealed log', () => {
  const code = 'open sesame'
  const forRelay = { ENROLMENT_CODE: code, TURN_SECRET: 'a secret of coturn', TURN_URLS: 'turn:turn.example' }
  it.each([
    ['on a computer alone', {}, { enrolmentCode: null }],
    [
      'on a computer alone, under its other names',
      { HOST: '::1', PUBLIC_ORIGIN: 'http://localhost:8080,http://[::1]:8080' },
      { enrolmentCode: null },
    ],
    ['wanted there', { SEALED_LOG: 'on' }, { enrolmentCode: null }],
    ['not wanted', { SEALED_LOG: 'off' }, null],
    ['not wanted by one that has a code for its relay', { SEALED_LOG: 'off', ...forRelay }, null],
    ['for everybody, without a code', { HOST: '0.0.0.0' }, null],
    ['for everybody, with one', { HOST: '0.0.0.0', ENROLMENT_CODE: code }, { enrolmentCode: code }],
    ['behind a proxy, without a code', { TRUST_PROXY: '1', PUBLIC_ORIGIN: 'https://a.example' }, null],
    ['behind a proxy that does not say so', { PUBLIC_ORIGIN: 'https://a.example' }, null],
    ['of a name that only looks like this computer', { PUBLIC_ORIGIN: 'https://127.0.0.1.example' }, null],
  ])('%s', (_what, environment, expected) => {
    expect(config(environment).sealedLog).toEqual(expected)
  })
})

const many = (count: number) => Array.from({ length: count }, (_, index) => `stun:s${index}.example`)

describe('a mistake', () => {
  const relay = { TURN_SECRET: 'a secret of coturn', TURN_URLS: 'turn:turn.example', ENROLMENT_CODE: 'open sesame' }
  const cases: [what: string, environment: Record<string, string>, sentence: RegExp][] = [
    ['a port that is no number', { PORT: 'http' }, /^PORT must be a whole number/],
    ['a port beyond the last', { PORT: '65536' }, /^PORT must be a whole number from 0 to 65535/],
    ['a negative port', { PORT: '-1' }, /^PORT/],
    ['an origin with a path', { PUBLIC_ORIGIN: 'https://alcove.example/' }, /^PUBLIC_ORIGIN must be an origin/],
    ['an origin without a scheme', { PUBLIC_ORIGIN: 'alcove.example' }, /^PUBLIC_ORIGIN/],
    ['an origin with a default port', { PUBLIC_ORIGIN: 'https://alcove.example:443' }, /^PUBLIC_ORIGIN/],
    ['a certificate without its key', { TLS_CERT: 'a' }, /TLS_KEY is not/],
    ['a key without its certificate', { TLS_KEY: 'a' }, /TLS_CERT is not/],
    ['a proxy without a public origin', { TRUST_PROXY: '1' }, /^TRUST_PROXY needs PUBLIC_ORIGIN/],
    ['TRUST_PROXY as a word', { TRUST_PROXY: 'true', PUBLIC_ORIGIN: 'https://a.example' }, /^TRUST_PROXY must be a whole number/],
    ['ICE_SERVERS without a scheme', { ICE_SERVERS: 'stun.example' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS with a bare TURN server', { ICE_SERVERS: 'turn:turn.example' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS as broken JSON', { ICE_SERVERS: '[{"urls":' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS with an unknown key', { ICE_SERVERS: '[{"url":"stun:a.example"}]' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS as JSON with a bare TURN server', { ICE_SERVERS: '[{"urls":"turn:a.example"}]' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS with an empty server', { ICE_SERVERS: '[{"urls":[]}]' }, /^ICE_SERVERS must be/],
    ['ICE_SERVERS for which a page has no room', { ICE_SERVERS: many(17).join() }, /^ICE_SERVERS must be/],
    ['more servers than a page takes', { ICE_SERVERS: JSON.stringify(many(16).map((urls) => ({ urls }))) }, /^ICE_SERVERS must be/],
    ['more addresses of a server than a page takes', { ICE_SERVERS: JSON.stringify([{ urls: many(17) }]) }, /^ICE_SERVERS must be/],
    [
      'a password that is too long for a page',
      { ICE_SERVERS: JSON.stringify([{ urls: 'turn:a.example', username: 'u', credential: 'c'.repeat(513) }]) },
      /^ICE_SERVERS must be/,
    ],
    ['more relay addresses than a page takes', { ...relay, TURN_URLS: many(17).join().replaceAll('stun', 'turn') }, /^TURN_URLS must be/],
    ['a relay without an address', { ...relay, TURN_URLS: '' }, /^TURN_SECRET needs TURN_URLS/],
    ['a relay without a code', { ...relay, ENROLMENT_CODE: '' }, /^TURN_SECRET needs ENROLMENT_CODE/],
    ['a short secret', { ...relay, TURN_SECRET: 'short' }, /^TURN_SECRET must have/],
    ['a short code', { ...relay, ENROLMENT_CODE: 'short' }, /^ENROLMENT_CODE must have/],
    ['a code for nothing', { ENROLMENT_CODE: 'open sesame', SEALED_LOG: 'off' }, /^ENROLMENT_CODE is set but TURN_SECRET is not/],
    ['a short code for the log alone', { ENROLMENT_CODE: 'short' }, /^ENROLMENT_CODE must have/],
    ['a log for everybody', { HOST: '0.0.0.0', SEALED_LOG: 'on' }, /^SEALED_LOG needs ENROLMENT_CODE/],
    ['SEALED_LOG as another word', { SEALED_LOG: 'true' }, /^SEALED_LOG must be on or off/],
    ['relay addresses for nothing', { TURN_URLS: 'turn:turn.example' }, /^TURN_URLS is set but TURN_SECRET is not/],
    ['a relay address that is none', { ...relay, TURN_URLS: 'stun:a.example' }, /^TURN_URLS must be/],
    ['a lifetime of a second', { ...relay, TURN_TTL: '1' }, /^TURN_TTL must be/],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of/],
    ['a misspelt limit', { LIMIT_SOCKET: '5' }, /^LIMIT_SOCKET is not a limit/],
    ['a limit of nothing', { LIMIT_ROOMS: '0' }, /^LIMIT_ROOMS must be a whole number from 1/],
    ['a room for more than a listing holds', { LIMIT_WAITING_PER_ROOM: '1000' }, /^LIMIT_WAITING_PER_ROOM .* to 80/],
  ]
  for (const [what, environment, sentence] of cases) {
    it(`${what} is named in one sentence`, () => {
      const found = mistakes(environment)
      expect(found).toHaveLength(1)
      expect(found[0]).toMatch(sentence)
    })
  }

  it('is one of several that are all named at once', () => {
    expect(mistakes({ PORT: 'x', LOG_LEVEL: 'x' }, ['--land'])).toHaveLength(3)
  })

  it('is named without its value, which may be a secret', () => {
    const planted = 'planted-secret'
    const environment = Object.fromEntries(
      ['PORT', 'PUBLIC_ORIGIN', 'TRUST_PROXY', 'ICE_SERVERS', 'TURN_URLS', 'TURN_TTL', 'LOG_LEVEL', 'LIMIT_ROOMS'].map((name) => [
        name,
        planted,
      ]),
    )
    expect(mistakes({ ...environment, TURN_SECRET: 'planted' }).join(' ')).not.toContain('planted')
  })

  it('of --lan beside a certificate is named', () => {
    expect(mistakes({ TLS_CERT: 'a', TLS_KEY: 'b' }, ['--lan'])[0]).toMatch(/--lan makes its own certificate/)
  })
})
