import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from './config.ts'
import { createEnrolment } from './enrolment.ts'
import { createIceSource } from './ice-source.ts'
import { lanAddresses, lanCertificate } from './lan.ts'
import type { Log } from './log.ts'
import { type RunningServer, startServer } from './server.ts'
import { createSessionHub, type SessionHub } from './session-hub.ts'
import { createProofs } from './session-proofs.ts'
import { loadStaticFiles } from './static-files.ts'
import { createTally, type Tally } from './tally.ts'

export type Started = RunningServer & { readonly hub: SessionHub; readonly addresses: readonly string[] }

/**
 * Puts the parts together.
 * @param pagesFolder the built pages; null serves the session endpoint alone.
 */
export async function start(config: Config, log: Log, pagesFolder: string | null): Promise<Started> {
  const tally = createTally(log)
  const addresses = config.lan ? lanAddresses() : []
  const certificate = config.lan ? await lanCertificate(config.stateDir, addresses, Date.now()) : await readCertificate(config)
  const files = pagesFolder === null ? null : await loadStaticFiles(pagesFolder)
  const hub = createHub(config, tally)
  const server = await startServer({ config, certificate, files, hub, tally })
  return { ...server, hub, addresses }
}

function createHub(config: Config, tally: Tally): SessionHub {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  return createSessionHub({
    now: Date.now,
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
    random,
    limits: config.limits,
    proofs: createProofs(),
    ice: createIceSource(config, random),
    enrolment: config.relay === null ? null : createEnrolment(config.relay.secret, config.relay.enrolmentCode),
    report: tally.report,
  })
}

async function readCertificate({ tls }: Config): Promise<{ cert: Buffer; key: Buffer } | null> {
  if (tls === null) return null
  const [cert, key] = await Promise.all([readFile(tls.certPath), readFile(tls.keyPath)])
  return { cert, key }
}
