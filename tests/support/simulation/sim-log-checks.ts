import { openRecord, readHeader, verifyRecord } from '@alcove/shared/crypto/sealed-log'
import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey, DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogIncidentKind, SpaceId } from '@alcove/shared/domain/sealed-log'
import * as Y from 'yjs'
import { updateMath } from '../../../pwa/src/adapters/schedule/update-math.ts'
import type { SimCase } from './sim-case.ts'
import type { SimDevice } from './sim-device.ts'
import { chainLog } from './sim-disk.ts'
import { nameOf, type SimLog, type SimLogDisk } from './sim-log-disk.ts'
import { isFenced } from './sim-log-thief.ts'

type Bytes = Uint8Array<ArrayBuffer>

export function assert(condition: boolean, what: () => string): void {
  if (!condition) throw new Error(what())
}

/** Whom the server's newest access list names, and whether as an administrator's device. Null: it has none. */
export function admittedBy({ world }: SimCase): ReadonlyMap<DeviceKey, boolean> | null {
  for (const { statements } of world.server.disk().spaces.values()) {
    const [contents = ''] = statements.at(-1)?.split('.') ?? []
    const list: { readonly devices: readonly { readonly device: DeviceKey; readonly administrator: boolean }[] } = JSON.parse(
      Buffer.from(contents, 'base64url').toString(),
    )
    return new Map(list.devices.map(({ device, administrator }) => [device, administrator]))
  }
  return null
}

/** What a device that is whole says of the log, whatever it says of other devices. */
export function isLogQuiet(sim: SimCase, device: SimDevice): boolean {
  const line = device.running()?.state.log.line.kind
  if (sim.mode.log === 'none') return line === 'off' || line === 'offline'
  return device.reach === 'peers' ? line === 'offline' : line === 'current'
}

/** At any time. */
export async function checkLogDuring(sim: SimCase): Promise<void> {
  const { server } = sim.world
  for (const fault of server.faults()) throw fault
  await learnRecords(sim)
  for (const device of sim.devices) {
    const { incidents = [] } = device.running()?.state.log ?? {}
    // A stolen device that was removed tells itself what it likes about who is in the practice.
    const isOut = device.running()?.store.history()?.roll.removedDevices.has(device.key) === true
    const isAllowed = isOut || sim.mode.log === 'faulty' || sim.mode.log === 'malicious'
    assert(isAllowed || incidents.length === 0, () => `${device.name} says of an honest server: ${JSON.stringify(incidents)}`)
    if (sim.mode.log === 'malicious' && !isOut) {
      // It takes those who were removed with it for strangers, and so for forged what it should find replayed.
      checkTimely(sim, device)
      checkSmuggled(sim, device)
    }
  }
}

/** What a device has read for good is what it must have noticed by then, whatever comes later. */
function checkTimely(sim: SimCase, device: SimDevice): void {
  const other = sim.world.server.otherDisk()
  const running = device.running()
  if (!other || !running || device.disk.erased) return
  const noticed = new Set([...device.disk.noticed, ...running.state.log.incidents].map(({ document, kind }) => `${kind} ${document}`))
  for (const [, { logs }] of other.spaces) {
    for (const [document, log] of logs) {
      const position = device.disk.shelf.pages.get(document)?.position
      // Whoever jumped did not see what it jumped over.
      if (
        !position ||
        position.sequence === 0 ||
        sim.world.server.jumps(device.host).has(document) ||
        log.path.get(position.sequence) !== position.hash
      )
        continue
      for (const kind of faultsUpTo(sim, log, position.sequence)) {
        assert(
          noticed.has(`${kind} ${document}`),
          () => `${device.name} read ${document} up to ${position.sequence} and did not notice: ${kind}`,
        )
      }
    }
  }
}

/**
 * What a removed device writes counts nowhere behind a record of a key that it never had. Whoever had not heard of that key, nor so of
 * the removal, when it read it takes it in good faith, and the others have it from there.
 */
function checkSmuggled({ smuggled, devices }: SimCase, device: SimDevice): void {
  const store = device.running()?.store
  const roll = store?.place()?.roll
  if (!store || !roll || device.disk.erased) return
  for (const one of smuggled) {
    if (!store.document(one.document).getMap('tokens').has(one.token)) continue
    one.wasTakenInGoodFaith ||= devices.some(({ key, disk }) => {
      const knew = disk.seen.get(one.token)
      return knew !== undefined && !isFenced(one, knew) && roll.devices.has(key)
    })
    assert(one.wasTakenInGoodFaith, () => `${device.name} took into ${one.document} what a removed device wrote under an old key`)
  }
}

/** The rules once more, in few words: what anybody who reads the log from its base on sees. */
function faultsUpTo({ forged }: SimCase, { state, records }: SimLog, end: number): ReadonlySet<LogIncidentKind> {
  const faults = new Set<LogIncidentKind>()
  if (state.base.sequence > 0) return faults
  const newest = new Map<DeviceTag, number>()
  for (let at = 1; at <= end; at++) {
    const bytes = records.get(at)?.bytes
    const header = bytes && readHeader(bytes)
    if (!bytes || !header || forged.has(nameOf(bytes))) {
      faults.add('forged')
      continue
    }
    const before = newest.get(header.device) ?? 0
    if (header.number <= before) {
      faults.add('replayed')
      continue
    }
    const misses = [...header.seen].some(([device, number]) => number > (newest.get(device) ?? 0))
    if (header.number > before + 1 || misses) faults.add('withheld')
    newest.set(header.device, header.number)
  }
  return faults
}

/** When the server is whole again, and all had time. */
export function checkLogAtRest(sim: SimCase, members: readonly SimDevice[]): void {
  if (sim.mode.log === 'none') return
  const disk = sim.world.server.disk()
  for (const device of members) {
    if (device.reach === 'peers') continue
    const { log, unsynced } = device.running()?.state ?? {}
    assert(unsynced === 0, () => `${device.name} still counts ${unsynced} changes that the log lacks`)
    assert(isLogQuiet(sim, device), () => `${device.name} says of the log: ${JSON.stringify(log?.line)}`)
    checkStand(device, disk)
    checkPins(device, disk, sim.world.server.jumps(device.host))
  }
  checkAdmitted(sim, members)
}

/** The server lets in whom the chain names and nobody else, where somebody is there who may say so. */
function checkAdmitted(sim: SimCase, members: readonly SimDevice[]): void {
  const admitted = admittedBy(sim)
  const rollOf = (device: SimDevice) => device.running()?.store.place()?.roll
  const ruler = members.find((device) => {
    const member = rollOf(device)?.members.get(device.disk.member)
    return device.reach !== 'peers' && admitted?.get(device.key) === true && member?.roles.includes('administrator') === true
  })
  if (!ruler || !admitted) return
  const nameOf = (key: DeviceKey) => sim.devices.find((device) => device.key === key)?.name ?? '?'
  const [named, listed] = [[...(rollOf(ruler)?.devices.keys() ?? [])], [...admitted.keys()]].map((keys) =>
    keys.map(nameOf).sort().join(' '),
  )
  assert(named === listed, () => `The chain of ${ruler.name} names ${named}, and the server lets in ${listed}`)
}

/** It has read all that there is, and all that it has is there. */
function checkStand(device: SimDevice, disk: SimLogDisk): void {
  const store = device.running()?.store
  const documents = new Set(device.disk.rows.map(({ document }) => document))
  for (const document of documents) {
    const page = device.disk.shelf.pages.get(document)
    const end = logIn(disk, document)?.state.end
    assert(
      page?.position.sequence === end?.sequence && page?.position.hash === end?.hash,
      () => `${device.name} stands at ${page?.position.sequence} of ${document}, which ends at ${end?.sequence}`,
    )
    const here = store && Uint8Array.from(Y.encodeSnapshotV2(Y.snapshot(store.document(document))))
    assert(
      !here || updateMath.covers(page?.known ?? null, here),
      () => `${device.name} has more of ${document} than it knows the log to have`,
    )
  }
}

/**
 * Every position that it ever took for good is one of the log that all see now, or it noticed that it is not. Whoever jumps
 * over records by a snapshot's word cannot hold them against what it had read.
 */
function checkPins({ name, disk: { pins, noticed } }: SimDevice, disk: SimLogDisk, jumps: ReadonlyMap<DocumentId, number>): void {
  const noticedIn = new Set(noticed.map(({ document }) => document))
  for (const { document, sequence, hash } of pins) {
    if (sequence <= (jumps.get(document) ?? 0) || noticedIn.has(document)) continue
    assert(
      logIn(disk, document)?.path.get(sequence) === hash,
      () => `${name} stood at ${sequence} of ${document}, where the log is another now, and did not notice`,
    )
  }
}

function logIn(disk: SimLogDisk, document: DocumentId): SimLog | null {
  for (const { logs } of disk.spaces.values()) return logs.get(document) ?? null
  return null
}

// --- what is in the records ---------------------------------------------------------------------------------------------

/** Whether the server's disk has this change, as far as the practice's keys can tell. */
export function isInLog({ inLog, world }: SimCase, token: string): boolean {
  return [world.server.disk(), world.server.otherDisk()].some((disk) => disk !== null && inLog.get(disk)?.has(token) === true)
}

/** Opens what has become durable since the last time. */
async function learnRecords(sim: SimCase): Promise<void> {
  const { server } = sim.world
  for (const device of sim.devices) for (const [epoch, secret] of device.running()?.store.secrets ?? []) sim.secrets.set(epoch, secret)
  for (const disk of [server.disk(), server.otherDisk()]) {
    if (!disk) continue
    const tokens = new Set<string>()
    for (const [space, { logs }] of disk.spaces) {
      for (const [document, log] of logs) {
        if (document === chainLog) continue
        for (const { bytes } of log.records.values()) for (const token of await tokensIn(sim, space, document, bytes)) tokens.add(token)
      }
    }
    sim.inLog.set(disk, tokens)
  }
}

async function tokensIn(sim: SimCase, space: SpaceId, log: DocumentId, bytes: Bytes): Promise<readonly string[]> {
  const name = nameOf(bytes)
  const known = sim.opened.get(name)
  if (known) return known
  const header = readHeader(bytes)
  const device = header && (await deviceOf(sim, header.device))
  const secret = header && sim.secrets.get(header.epoch)
  if (!header || !device || !secret || !(await verifyRecord({ space, log }, bytes, device))) return []
  const payload = await openRecord({ space, log }, bytes, await deriveLogKey(secret, header.epoch as EpochId | null, device))
  const found = payload && payload.length > 0 ? tokensOf(payload) : []
  sim.opened.set(name, found)
  return found
}

async function deviceOf({ devices }: SimCase, tag: DeviceTag): Promise<DeviceKey | null> {
  for (const { key } of devices) if ((await deviceTagOf(key)) === tag) return key
  return null
}

/** Each is the key of a map's entry that nobody sets twice, so that its name is in what was written. */
function tokensOf(update: Bytes): string[] {
  return Y.decodeUpdateV2(update).structs.flatMap((struct) =>
    struct instanceof Y.Item && /^t\d+$/.test(struct.parentSub ?? '') ? [struct.parentSub ?? ''] : [],
  )
}
