import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from './config.ts'
import { join } from 'node:path'
import { createEnrolment, createLogEnrolment } from './enrolment.ts'
import { after } from './endpoint.ts'
import { createIceSource } from './ice-source.ts'
import { lanAddresses, lanCertificate } from './lan.ts'
import type { Log } from './log.ts'
import { createLogEndpoint } from './log-endpoint.ts'
import { createLogHub, type LogHub } from './log-hub.ts'
import { openMinimumEpochs } from './minimum-epochs.ts'
import { openLevelStore } from './sealed-log/level-store.ts'
import type { LogStore } from './sealed-log/log-store.ts'
import { type RunningServer, startServer } from './server.ts'
import { createSessionEndpoint } from './session-endpoint.ts'
import { createSessionHub, type SessionHub } from './session-hub.ts'
import type { Epochs } from './session-hub/epochs.ts'
import { createProofs } from './session-proofs.ts'
import { loadStaticFiles } from './static-files.ts'
import { createSyncEndpoint } from './sync-endpoint.ts'
import { createTally, type Tally } from './tally.ts'
import { createTopicHub, type TopicHub } from './topic-hub.ts'

export type Started = RunningServer & { readonly hub: SessionHub; readonly topics: TopicHub; readonly addresses: readonly string[] }

/**
 * Puts the parts together.
 * @param pagesFolder the built pages; null serves the endpoints alone.
 */
export async function start(config: Config, log: Log, pagesFolder: string | null): Promise<Started> {
  const tally = createTally(log)
  const addresses = config.lan ? lanAddresses() : []
  const certificate = config.lan ? await lanCertificate(config.stateDir, addresses, Date.now()) : await readCertificate(config)
  const files = pagesFolder === null ? null : await loadStaticFiles(pagesFolder)
  const epochs = await openMinimumEpochs(config.dataDir, config.limits.LIMIT_MINIMUM_EPOCHS)
  const hub = createHub(config, tally, epochs)
  const topics = createTopicHub({ now: Date.now, limits: config.limits, report: tally.report })
  const store = await openStore(config, tally)
  const endpoints = [
    createSessionEndpoint(hub, config.limits, tally),
    createSyncEndpoint(topics, config.limits, tally),
    createLogEndpoint(createSealedLog(config, tally, store), config.limits, tally),
  ]
  const server = await startServer({ config, certificate, files, endpoints, tally })
  async function drain(): Promise<void> {
    await server.drain()
    await epochs.close()
    await store?.close()
  }
  return { ...server, drain, hub, topics, addresses }
}

async function openStore({ sealedLog, dataDir, limits }: Config, { report }: Tally): Promise<LogStore | null> {
  if (sealedLog === null) return null
  return openLevelStore({
    folder: join(dataDir, 'sealed-log'),
    keepFreeBytes: limits.LIMIT_FREE_DISK_BYTES,
    report: (error) => report({ type: 'fault', error }),
  })
}

function createSealedLog({ sealedLog, limits }: Config, tally: Tally, store: LogStore | null): LogHub {
  const code = sealedLog?.enrolmentCode ?? null
  return createLogHub({
    now: Date.now,
    after,
    random,
    limits,
    store,
    enrolment: code === null ? null : createLogEnrolment(code),
    report: tally.report,
  })
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

function createHub(config: Config, tally: Tally, epochs: Epochs): SessionHub {
  return createSessionHub({
    now: Date.now,
    after,
    random,
    limits: config.limits,
    proofs: createProofs(),
    ice: createIceSource(config, random),
    enrolment: config.relay === null ? null : createEnrolment(config.relay.secret, config.relay.enrolmentCode),
    epochs,
    report: tally.report,
  })
}

async function readCertificate({ tls }: Config): Promise<{ cert: Buffer; key: Buffer } | null> {
  if (tls === null) return null
  // One after the other: of two that cannot be read it is always the same one that is said.
  const cert = await readFile(tls.certPath)
  return { cert, key: await readFile(tls.keyPath) }
}
