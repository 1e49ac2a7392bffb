import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

/** IPv4 addresses under which others in the same network reach this computer. */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address)
}

export type Certificate = { readonly cert: string; readonly key: string }

const dayMs = 24 * 60 * 60 * 1000
/** Apple's browsers take no certificate that is valid for longer than 825 days. */
const validForMs = 365 * dayMs

/**
 * A self-signed certificate for these addresses, kept in `folder`, so that a phone has to be told to trust it only once.
 * Made anew when it is missing, about to expire, or for other addresses.
 */
export async function lanCertificate(folder: string, addresses: readonly string[], now: number): Promise<Certificate> {
  const path = join(folder, 'lan-certificate.json')
  const kept = await readKept(path, addresses, now)
  if (kept !== null) return kept
  // A third of what a start takes, for the few that need it.
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: 'Alcove in this network' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + validForMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...['127.0.0.1', ...addresses].map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  })
  const certificate = { cert: made.cert, key: made.private }
  await mkdir(folder, { recursive: true })
  await writeFile(path, JSON.stringify(certificate), { mode: 0o600 })
  return certificate
}

async function readKept(path: string, addresses: readonly string[], now: number): Promise<Certificate | null> {
  try {
    const { cert, key } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    if (typeof cert !== 'string' || typeof key !== 'string') return null
    const parsed = new X509Certificate(cert)
    const isFresh = Date.parse(parsed.validTo) - now > 7 * dayMs
    return isFresh && addresses.every((address) => parsed.checkIP(address) !== undefined) ? { cert, key } : null
  } catch {
    return null
  }
}
