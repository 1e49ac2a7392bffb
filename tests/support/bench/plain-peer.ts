import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { root } from '../source-graph.ts'
import { until } from '../wire-client.ts'
import { countSockets } from './counted-socket.ts'
import { clocksOf, documentsBefore, type Edit, type EditedSchedule, isLevel } from './schedule-edits.ts'

type Docs = ReadonlyMap<DocumentId, Y.Doc>

/** The server lets go of a document when its last socket has closed. */
const closedAfterMs = 300

/** @y/websocket-server as npm installs it, with its own persistence (y-leveldb), holding the schedule after all edits. */
export async function startPlainPeer(schedule: EditedSchedule, edits: readonly Edit[]) {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'alcove-peer-'))
  const child: ChildProcess = spawn(process.execPath, [join(root, 'node_modules/@y/websocket-server/src/server.js')], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), YPERSISTENCE: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: root,
  })
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(isUp, 'the plaintext server')

  function connect(docs: Docs) {
    const { Counted, bytes } = countSockets()
    const options = { WebSocketPolyfill: Counted as unknown as typeof globalThis.WebSocket, disableBc: true }
    const providers = [...docs].map(([document, doc]) => new WebsocketProvider(`ws://127.0.0.1:${port}`, document, doc, options))
    return {
      bytes,
      async close() {
        for (const provider of providers) provider.destroy()
        await new Promise((resolve) => setTimeout(resolve, closedAfterMs))
      },
    }
  }

  await fill(schedule, edits, connect)

  return {
    /** Another device stays connected: the server keeps all documents in its memory. */
    async keepWarm(): Promise<() => Promise<void>> {
      const docs = documentsBefore(schedule)
      const client = connect(docs)
      await until(() => isLevel(schedule, (document) => docs.get(document)), 'the other device of the peer', 60_000)
      return client.close
    },
    /** A device with the documents as they were comes back. */
    async catchUp(): Promise<{ readonly ms: number; readonly bytes: number }> {
      const docs = documentsBefore(schedule)
      const startedAt = performance.now()
      const client = connect(docs)
      await Promise.all([...docs].map(([document, doc]) => hasAll(doc, schedule.after.get(document)?.clocks ?? new Map())))
      const ms = performance.now() - startedAt
      const bytes = client.bytes()
      if (!isLevel(schedule, (document) => docs.get(document))) throw new Error('The peer gave another schedule')
      await client.close()
      return { ms, bytes }
    },
    async stop(): Promise<void> {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As it came about: a device writes, each edit a message and a row of its own; another one hears it. */
async function fill(schedule: EditedSchedule, edits: readonly Edit[], connect: (docs: Docs) => { close(): Promise<void> }): Promise<void> {
  const here = documentsBefore(schedule)
  const there: Docs = new Map([...here.keys()].map((document) => [document, new Y.Doc()]))
  const clients = [connect(here), connect(there)]
  const sizeOf = (doc: Y.Doc | undefined) => doc?.getMap('appointments').size
  await until(
    () => [...here].every(([document, doc]) => sizeOf(doc) === sizeOf(there.get(document))),
    'the peer to have the schedule',
    60_000,
  )
  for (const [index, { document, update }] of edits.entries()) {
    Y.applyUpdateV2(here.get(document) ?? new Y.Doc(), update)
    if (index % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(() => isLevel(schedule, (document) => there.get(document)), 'the peer to have the edits', 60_000)
  for (const client of clients) await client.close()
}

/** By state vectors, which cost nearly nothing to compare. */
function hasAll(doc: Y.Doc, clocks: ReadonlyMap<number, number>): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const now = clocksOf(doc)
      if ([...clocks].every(([client, clock]) => (now.get(client) ?? 0) >= clock)) resolve()
    }
    doc.on('update', look)
    look()
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
