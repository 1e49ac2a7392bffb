import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { parseIceServers, parseTurnUrls } from './config-ice.ts'
import { type LimitName, type Limits, limitDefaults, limitMaxima, limitNames } from './limits.ts'

export type RelayConfig = {
  /** coturn's `static-auth-secret`. */
  readonly secret: string
  readonly urls: readonly string[]
  readonly ttlMs: number
  readonly enrolmentCode: string
}

/** `enrolmentCode`: what a practice shows before its log is kept; null on a server that only this computer reaches. */
export type SealedLogConfig = { readonly enrolmentCode: string | null }

export type Config = {
  readonly host: string
  /** 0 asks the system for a free one. */
  readonly port: number
  /** Origins whose pages may connect; null means the server's own addresses. */
  readonly publicOrigins: readonly string[] | null
  /** Paths of PEM files. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | null
  /** How many proxies of one's own stand in front and append to X-Forwarded-For. */
  readonly trustedProxies: number
  readonly iceServers: readonly IceServer[]
  readonly relay: RelayConfig | null
  /** Null: no logs are kept. */
  readonly sealedLog: SealedLogConfig | null
  /** Self-signed HTTPS on all interfaces, for a phone in the same network. */
  readonly lan: boolean
  /** Where the self-signed certificate is kept. */
  readonly stateDir: string
  /** Where minimum epochs and the sealed log are stored. One server each. */
  readonly dataDir: string
  readonly logLevel: (typeof logLevels)[number]
  readonly limits: Limits
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the whole configuration once, at the start. Empty variables count as unset.
 * @returns every mistake as one sentence that names its variable, never a value (it may be a secret).
 */
export function readConfig(environment: Environment, args: readonly string[]): Result<Config, readonly string[]> {
  const mistakes: string[] = []
  const lan = args.includes('--lan')
  for (const arg of args) if (arg !== '--lan') mistakes.push(`Unknown option ${arg}. There is only --lan.`)

  const text = (name: string): string | null => environment[name]?.trim() || null
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name)
    if (value === null) return fallback
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN
    if (number >= min && number <= max) return number
    mistakes.push(`${name} must be a whole number from ${min} to ${max}.`)
    return fallback
  }
  const checked = <T>(name: string, result: Result<T, string>, fallback: T): T => {
    if (result.ok) return result.value
    mistakes.push(`${name} ${result.error}`)
    return fallback
  }

  const where = {
    host: text('HOST') ?? (lan ? '0.0.0.0' : '127.0.0.1'),
    publicOrigins: checked('PUBLIC_ORIGIN', parseOrigins(text('PUBLIC_ORIGIN')), null),
    trustedProxies: integer('TRUST_PROXY', 0, 0, 10),
  }
  const config: Config = {
    ...where,
    port: integer('PORT', 8080, 0, 65_535),
    tls: readTls(text('TLS_CERT'), text('TLS_KEY'), mistakes),
    iceServers: checked('ICE_SERVERS', parseIceServers(text('ICE_SERVERS')), []),
    relay: readRelay(text, integer, mistakes),
    sealedLog: readSealedLog(text, isForThisComputer(where), mistakes),
    lan,
    stateDir: text('STATE_DIR') ?? '.alcove',
    dataDir: text('DATA_DIR') ?? '.alcove/data',
    logLevel: checked('LOG_LEVEL', parseLogLevel(text('LOG_LEVEL')), 'info'),
    limits: readLimits(environment, integer, mistakes),
  }
  if (config.trustedProxies > 0 && config.publicOrigins === null) {
    mistakes.push('TRUST_PROXY needs PUBLIC_ORIGIN: behind a proxy the server cannot know its own address.')
  }
  if (lan && config.tls !== null) mistakes.push('--lan makes its own certificate; unset TLS_CERT and TLS_KEY.')
  return mistakes.length === 0 ? ok(config) : err(mistakes)
}

function parseOrigins(value: string | null): Result<readonly string[] | null, string> {
  if (value === null) return ok(null)
  const origins = value.split(',').map((origin) => origin.trim())
  const bad = origins.some((origin) => !URL.canParse(origin) || !/^https?:\/\/[^/]+$/.test(origin) || new URL(origin).origin !== origin)
  return bad ? err('must be an origin such as https://alcove.example, several separated by commas, no path.') : ok(origins)
}

function parseLogLevel(value: string | null): Result<Config['logLevel'], string> {
  const level = logLevels.find((known) => known === (value ?? 'info'))
  return level === undefined ? err(`must be one of ${logLevels.join(', ')}.`) : ok(level)
}

function readTls(certPath: string | null, keyPath: string | null, mistakes: string[]): Config['tls'] {
  if (certPath !== null && keyPath !== null) return { certPath, keyPath }
  if (certPath !== null) mistakes.push('TLS_CERT is set but TLS_KEY is not.')
  if (keyPath !== null) mistakes.push('TLS_KEY is set but TLS_CERT is not.')
  return null
}

type ReadText = (name: string) => string | null
type ReadInteger = (name: string, fallback: number, min: number, max: number) => number

function readRelay(text: ReadText, integer: ReadInteger, mistakes: string[]): RelayConfig | null {
  const secret = text('TURN_SECRET')
  const enrolmentCode = text('ENROLMENT_CODE')
  const urls = parseTurnUrls(text('TURN_URLS'))
  const ttlMs = integer('TURN_TTL', 900, 60, 86_400) * 1000
  if (!urls.ok) mistakes.push(`TURN_URLS ${urls.error}`)
  if (secret === null) {
    if (text('TURN_URLS') !== null) mistakes.push('TURN_URLS is set but TURN_SECRET is not.')
    return null
  }
  if (secret.length < 16) mistakes.push('TURN_SECRET must have at least 16 characters.')
  if (urls.ok && urls.value.length === 0) mistakes.push('TURN_SECRET needs TURN_URLS, for example turn:turn.example:3478.')
  if (enrolmentCode === null) mistakes.push('TURN_SECRET needs ENROLMENT_CODE: anyone can open a room, and relaying costs you traffic.')
  return { secret, urls: urls.ok ? urls.value : [], ttlMs, enrolmentCode: enrolmentCode ?? '' }
}

/** Whoever reaches a server could fill its disk: beyond this computer, only practices that know the operator's code. */
function readSealedLog(text: ReadText, isOwn: boolean, mistakes: string[]): SealedLogConfig | null {
  const wanted = text('SEALED_LOG')
  const enrolmentCode = text('ENROLMENT_CODE')
  if (enrolmentCode !== null && enrolmentCode.length < 8) mistakes.push('ENROLMENT_CODE must have at least 8 characters.')
  if (wanted !== null && wanted !== 'on' && wanted !== 'off') mistakes.push('SEALED_LOG must be on or off.')
  if (wanted === 'off') {
    const isForNothing = enrolmentCode !== null && text('TURN_SECRET') === null
    if (isForNothing) mistakes.push('ENROLMENT_CODE is set but TURN_SECRET is not, and SEALED_LOG is off: there is nothing to enrol for.')
    return null
  }
  if (enrolmentCode !== null || isOwn) return { enrolmentCode }
  if (wanted === 'on') mistakes.push('SEALED_LOG needs ENROLMENT_CODE: anyone could fill your disk.')
  return null
}

/** Listens here alone, and no proxy brings others. */
function isForThisComputer({ host, publicOrigins, trustedProxies }: Pick<Config, 'host' | 'publicOrigins' | 'trustedProxies'>): boolean {
  const isLoopback = (name: string) => /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(name)
  return isLoopback(host) && trustedProxies === 0 && (publicOrigins ?? []).every((origin) => isLoopback(new URL(origin).hostname))
}

function readLimits(environment: Environment, integer: ReadInteger, mistakes: string[]): Limits {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('LIMIT_') && !(name in limitDefaults)) mistakes.push(`${name} is not a limit of this server.`)
  }
  const entries = limitNames.map((name): [LimitName, number] => [
    name,
    integer(name, limitDefaults[name], 1, limitMaxima[name] ?? 1_000_000_000),
  ])
  return Object.fromEntries(entries) as Limits
}
