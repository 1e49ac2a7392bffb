import { randomBytes, randomId } from '@alcove/shared/crypto/bytes'
import { signEntry } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, DocumentId, MemberId, PracticeId } from '@alcove/shared/domain/ids'
import { ok } from '@alcove/shared/domain/result'
import * as Y from 'yjs'
import { createLogLine, type LogSocket } from '../../../pwa/src/adapters/log/log-line.ts'
import { createLogSync, type LogEngine } from '../../../pwa/src/features/log/log-sync.ts'
import type { LogState } from '../../../pwa/src/features/log/log-state.ts'
import type { Clock } from '../../../pwa/src/ports.ts'
import type { DocumentChange } from '../../../pwa/src/sync-ports.ts'
import { createFakeLogKeeping } from '../log/fake-log-keeping.ts'
import type { RunningServer } from '../server.ts'
import { createSimDisk, practiceDocument, type SimDisk } from '../simulation/sim-disk.ts'
import { createSimStore } from '../simulation/sim-store.ts'
import { until } from '../wire-client.ts'
import { countSockets } from './counted-socket.ts'
import { type Edit, type EditedSchedule, isLevel } from './schedule-edits.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** While the edits are made, time runs this much faster for the devices: what they wait for takes a hundredth. */
const haste = 100

/**
 * Our side: the app's engine, the server, records sealed and signed. The device's own disk is memory, as it is at the peer's.
 * Before the edits all three devices are level; then one of them is closed, and the others make the edits.
 */
export async function foundLogPractice(server: RunningServer, schedule: EditedSchedule, edits: readonly Edit[]) {
  const [one, other, away] = await disks()
  const records = await fill(server, schedule, edits, [one, other, away])
  for (const disk of [one, other]) compact(disk)

  return {
    records,
    /** The two others stay connected. */
    async keepWarm(): Promise<() => Promise<void>> {
      const devices = [await open(server, one, createClock(1)), await open(server, other, createClock(1))]
      for (const device of devices) await device.current()
      return async () => {
        for (const { engine } of devices) engine.close()
      }
    },
    /** The device that was away comes back. */
    async catchUp(): Promise<{ readonly ms: number; readonly bytes: number }> {
      const device = await open(server, copyOf(away), createClock(1))
      const ms = (await device.caughtUp) - device.openedAt
      const bytes = device.bytes()
      device.engine.close()
      if (!isLevel(schedule, device.store.document)) throw new Error('The log gave another schedule')
      return { ms, bytes }
    },
  }
}

/** Gives how many records there are. The disk of the third device is left as it was before the edits. */
async function fill(server: RunningServer, schedule: EditedSchedule, edits: readonly Edit[], disksOf: readonly SimDisk[]): Promise<number> {
  const quick = createClock(haste)
  const devices = await Promise.all(disksOf.map((disk) => open(server, disk, quick)))
  const [first, second, third] = devices as [Device, Device, Device]
  for (const [document, update] of schedule.before) first.make(document, update)
  for (const device of devices) await device.level(schedule.before.keys())
  third.engine.close()

  // Edits of different documents at the same time, of the same one after each other: each is a record of its own.
  const queues = new Map<DocumentId, Bytes[]>([...schedule.before.keys()].map((document) => [document, []]))
  for (const { document, update } of edits) queues.get(document)?.push(update)
  for (let turn = 0; [...queues.values()].some((queue) => queue.length > turn); turn++) {
    const maker = turn % 2 === 0 ? first : second
    for (const [document, queue] of queues) {
      const update = queue[turn]
      if (update) maker.make(document, update)
    }
    await maker.current()
  }
  for (const device of [first, second]) {
    await until(() => isLevel(schedule, device.store.document), 'the other device to have the edits', 120_000)
    await device.current()
  }
  // Time for a last snapshot where one is due, and for the other device's word.
  await new Promise((resolve) => setTimeout(resolve, 60_000 / haste))
  for (const device of [first, second]) {
    await device.current()
    device.engine.close()
  }
  return [...(disksOf[0]?.shelf.pages.values() ?? [])].reduce((sum, { position }) => sum + position.sequence, 0)
}

/** Three devices of one person. */
async function disks(): Promise<readonly [SimDisk, SimDisk, SimDisk]> {
  const pairs = await Promise.all([1, 2, 3].map(async () => importKeyPair(await generateSecret())))
  const [founder] = pairs as [KeyPair]
  const member = randomId() as MemberId
  const found = await signEntry(
    {
      parents: [],
      at: Date.now(),
      operations: [
        { type: 'found', practice: randomId() as PracticeId },
        { type: 'add-member', member, name: 'Dr. Rivera', roles: ['administrator', 'clinician'] },
        { type: 'add-device', device: founder.publicKey as DeviceKey, member, label: 'one' },
        { type: 'change-telehealth', tier: 'basic' },
      ],
    },
    founder,
  )
  const added = await signEntry(
    {
      parents: [found.hash],
      at: Date.now(),
      operations: pairs.slice(1).map(({ publicKey }, i) => ({ type: 'add-device', device: publicKey as DeviceKey, member, label: `${i}` })),
    },
    founder,
  )
  const doc = new Y.Doc()
  doc.clientID = 1
  for (const { signed, hash } of [found, added]) doc.getMap('chain').set(hash, new Y.Map([['signed', signed]]))
  const update = Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
  const foundingKey = randomBytes(32)
  const made = pairs.map((device) => {
    const disk = createSimDisk({ device, member, root: found.hash, foundingKey, isStolen: false })
    disk.rows.push({ i: disk.nextRow++, document: practiceDocument, update })
    return disk
  })
  return made as [SimDisk, SimDisk, SimDisk]
}

function copyOf(disk: SimDisk): SimDisk {
  const { device, member, root, foundingKey, isStolen } = disk
  const copy = createSimDisk({ device, member, root, foundingKey, isStolen })
  copy.rows.push(...disk.rows)
  copy.nextRow = disk.nextRow
  copy.shelf = { cover: disk.shelf.cover, pages: new Map(disk.shelf.pages) }
  return copy
}

/** Rows of a document as one. */
function compact(disk: SimDisk): void {
  const rows = new Map<DocumentId, Bytes[]>()
  for (const { document, update } of disk.rows) rows.set(document, [...(rows.get(document) ?? []), update])
  disk.rows = [...rows].map(([document, updates], i) => {
    const doc = new Y.Doc()
    doc.transact(() => {
      for (const update of updates) Y.applyUpdateV2(doc, update)
    })
    return { i: i + 1, document, update: Uint8Array.from(Y.encodeStateAsUpdateV2(doc)) }
  })
}

type Device = Awaited<ReturnType<typeof open>>

/** Its documents are read from the disk before the clock starts: only catching up is measured. */
async function open(server: RunningServer, disk: SimDisk, clock: Clock) {
  const store = createSimStore({ disk, clock, latencyMs: () => 0, nextClient: () => Math.floor(Math.random() * 2 ** 32), sabotage: 'none' })
  await store.opened()
  for (const document of new Set(disk.rows.map((row) => row.document))) store.document(document)
  const listeners = new Set<(change: DocumentChange) => void>()
  /** As soon as it is there it counts as durable: nothing of the peer's device is written to a disk either. */
  function put(document: DocumentId, update: Bytes, from: DocumentChange['from']): void {
    Y.applyUpdateV2(store.document(document), update)
    disk.rows.push({ i: disk.nextRow++, document, update })
    for (const listener of listeners) listener({ document, update, from })
  }
  const { Counted, bytes } = countSockets({ origin: server.origin })
  const { keys, ...keeping } = createFakeLogKeeping({
    shelf: disk.shelf,
    document: (document) => store.document(document),
    secrets: store.secrets,
  })
  const known = new Map<string, ReturnType<typeof keys.contentKey>>()
  let state: LogState | null = null
  let caughtUp = (_at: number): void => {}
  const isCaughtUp = new Promise<number>((resolve) => {
    caughtUp = resolve
  })
  const openedAt = performance.now()
  const engine: LogEngine = createLogSync({
    clock,
    random: Math.random,
    origin: server.origin,
    chain: store.chain,
    store: {
      ...store.sync,
      watchUpdates(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      async apply(document, update) {
        put(document, update, 'sync')
        return ok(undefined)
      },
    },
    line: createLogLine({
      url: `${server.origin.replace('http', 'ws')}/log`,
      clock: createClock(1),
      random: Math.random,
      openSocket(url, protocol) {
        const socket = new Counted(url, protocol)
        socket.binaryType = 'arraybuffer'
        socket.on('error', () => {})
        return socket as unknown as LogSocket
      },
    }),
    keeping: {
      ...keeping,
      keys: {
        ...keys,
        // The app derives each key once.
        contentKey(epoch, writer) {
          const name = `${epoch} ${writer}`
          const key = known.get(name) ?? keys.contentKey(epoch, writer)
          known.set(name, key)
          return key
        },
      },
    },
    tellHeads: () => {},
  })
  engine.watch((now) => {
    state = now
    if (now.line.kind === 'current') caughtUp(performance.now())
  })
  const isCurrent = () => state?.line.kind === 'current'
  return {
    store,
    engine,
    openedAt,
    bytes,
    caughtUp: isCaughtUp,
    make: (document: DocumentId, update: Bytes) => put(document, update, 'here'),
    current: () => until(isCurrent, 'the log to be level', 120_000),
    level: (documents: Iterable<DocumentId>) =>
      until(
        () => isCurrent() && [...documents].every((document) => store.document(document).getMap('appointments').size > 0),
        'the device to be level',
        120_000,
      ),
  }
}

function createClock(haste: number): Clock {
  const start = Date.now()
  const after = (delayMs: number, run: () => void) => {
    if (delayMs <= 0) {
      const soon = setImmediate(run)
      return () => clearImmediate(soon)
    }
    const timer = setTimeout(run, delayMs / haste)
    return () => clearTimeout(timer)
  }
  return {
    now: () => Math.round(start + (Date.now() - start) * haste),
    after,
    every(intervalMs, run) {
      const timer = setInterval(run, intervalMs / haste)
      return () => clearInterval(timer)
    },
  }
}
