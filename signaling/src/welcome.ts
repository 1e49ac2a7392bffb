import { renderUnicodeCompact } from 'uqr'
import type { Config } from './config.ts'

/** What the person at the terminal reads once the server runs. The first line is for scripts, too. */
export function welcomeLines(config: Config, port: number, addresses: readonly string[]): string[] {
  const scheme = config.lan || config.tls !== null ? 'https' : 'http'
  const isEverywhere = ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(config.host)
  const local = `${scheme}://${isEverywhere ? 'localhost' : bracketed(config.host)}:${port}`
  const lines = [`Alcove is running at ${local}`]
  if (config.publicOrigins !== null) lines.push(`Pages may come from ${config.publicOrigins.join(', ')}`)
  const notes = config.sealedLog === null ? [withoutLog] : []
  if (config.lan)
    lines.push(
      ...lanLines(
        addresses.map((address) => `https://${address}:${port}`),
        notes,
      ),
    )
  else lines.push(...notes)
  return lines
}

const withoutLog = 'Devices that are never on together do not meet here: no sealed log without ENROLMENT_CODE (docs/DEPLOY.md).'

function lanLines(urls: readonly string[], notes: readonly string[]): string[] {
  const [first] = urls
  if (first === undefined) return ['This computer is in no network, so no other device can reach it.', ...notes]
  return [
    `In this network: ${urls.join('  ')}`,
    'The browser will warn about the certificate, because this computer made it itself. Continue anyway.',
    ...notes,
    '',
    renderUnicodeCompact(first),
  ]
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
