import { normalize } from 'node:path'
import type { Config } from './config.ts'

/** What to do about a server that could not start, in one sentence. */
export function startupProblem(error: unknown, config: Config): string {
  const { code, path } = error as { code?: unknown; path?: unknown }
  if (code === 'EADDRINUSE') return `port ${config.port} is in use. Set PORT to another one.`
  if (code === 'EACCES' && path === undefined) return `port ${config.port} is not allowed for this user. Set PORT to one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST is no address of this computer.'
  if (typeof path === 'string' && path === config.tls?.certPath) return 'TLS_CERT cannot be read.'
  if (typeof path === 'string' && path === config.tls?.keyPath) return 'TLS_KEY cannot be read.'
  if (typeof code === 'string' && /^ERR_(OSSL|SSL)/.test(code)) return 'TLS_CERT and TLS_KEY are not a PEM certificate and its key.'
  if (typeof path === 'string' && path.startsWith(normalize(config.dataDir))) return 'DATA_DIR cannot be written.'
  if (typeof path === 'string' && path.startsWith(config.stateDir)) return 'STATE_DIR cannot be written.'
  return error instanceof Error ? error.message : String(error)
}
