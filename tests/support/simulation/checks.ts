import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import * as Y from 'yjs'
import type { SimDevice } from './sim-device.ts'
import type { SimCase } from './sim-case.ts'
import { practiceDocument } from './sim-disk.ts'
import { admittedBy, assert, checkLogAtRest, isInLog, isLogQuiet } from './sim-log-checks.ts'

/**
 * Those that are in the practice by the chain that they know, and still have their copy. A device may go on believing that
 * it belongs: where three remove each other at once, what makes its remover's word count may stand under a key that was
 * made without it. Whoever is there and has belonged for longer knows better.
 */
function membersOf(sim: SimCase): SimDevice[] {
  const { devices } = sim
  const rollOf = (device: SimDevice) => device.running()?.store.history()?.roll
  const believing = devices.filter((device) => !device.disk.erased && rollOf(device)?.devices.has(device.key) === true)
  // Whoever meets nobody but in the log is not told that it was removed; and one whom a device let in that was removed before
  // it could tell of it is known to nobody. The server lets neither in.
  const admitted = admittedBy(sim)
  const isShutOut = ({ key }: SimDevice) =>
    admitted !== null && !admitted.has(key) && !believing.some((other) => admitted.has(other.key) && rollOf(other)?.devices.has(key))
  const members: SimDevice[] = []
  for (const device of believing.filter((one) => !isShutOut(one)))
    if (!members.some((senior) => rollOf(senior)?.removedDevices.has(device.key))) members.push(device)
  return members
}

/** Where those who carried changes between the two ways are gone, or the server lets them in no longer, both are switched on everywhere. */
export function bridge(sim: SimCase): void {
  const members = membersOf(sim)
  const admitted = admittedBy(sim)
  const carries = ({ reach, key }: SimDevice) => reach === 'both' && admitted?.has(key) !== false
  if (new Set(members.map(({ reach }) => reach)).size < 2 || members.some(carries)) return
  for (const device of sim.devices) {
    device.reach = 'both'
    device.crash()
  }
}

/** A stolen device may say what it likes. */
export function messagesOfMembers(sim: SimCase): number {
  return membersOf(sim).reduce((sum, { host }) => sum + sim.world.network.sentBy(host), 0)
}

/** Whether every device says that all is synced. */
export function isSettled(sim: SimCase): boolean {
  return membersOf(sim).every((device) => {
    const state = device.running()?.state
    return isQuiet(sim, device, state?.line.kind) && isWhole(sim, device)
  })
}

/**
 * A device that is left alone may still count one that erased itself: it heard of its removal before it could hear that the
 * remover was no longer allowed to.
 */
function isQuiet(sim: SimCase, device: SimDevice, line: string | undefined): boolean {
  if (!isLogQuiet(sim, device)) return false
  if (device.reach === 'log') return line === 'offline' || line === 'only-device'
  const isAlone = membersOf(sim).filter(({ reach }) => reach !== 'log').length === 1
  return line === 'synced' || line === 'only-device' || (line === 'nobody-online' && isAlone)
}

/** It is connected with every other device that its chain names and that is still there. */
function isWhole(sim: SimCase, device: SimDevice): boolean {
  if (device.reach === 'log') return device.running()?.state.unsynced === 0
  const others = membersOf(sim).filter((other) => other !== device && other.reach !== 'log')
  return others.every(({ key }) => device.running()?.state.devices.get(key)?.settled === true)
}

/** At any time. */
export function checkDuring(sim: SimCase): void {
  for (const device of sim.devices) {
    const running = device.running()
    const roll = running?.store.place()?.roll
    // What a server has that loses or hides it is said to be synced, and nobody here can know better.
    const isTrusted = sim.mode.log === 'none' || sim.mode.log === 'honest'
    if (isTrusted && running && roll && running.state.unsynced === 0 && running.store.unsynced() === 0) checkElsewhere(sim, device)
    if (roll) {
      assert(roll.telehealth !== 'premium', () => `${device.name} believes a tier that no administrator signed`)
      for (const { name, roles } of roll.members.values()) {
        assert(name !== 'Mallory' || !roles.includes('administrator'), () => `${device.name} believes a role that no administrator signed`)
      }
    }
  }
}

/** "All changes synced" must be true: another device has each of them on its disk, or had it before it was removed; or the log has it. */
function checkElsewhere(sim: SimCase, device: SimDevice): void {
  for (const token of device.saved) {
    const document = sim.changes.get(token)?.document
    if (isInLog(sim, token)) continue
    const isElsewhere = sim.devices.some(
      (other) => other !== device && (other.disk.erased ? other.disk.seen.has(token) : isOnDisk(other, document, token)),
    )
    assert(isElsewhere, () => `${device.name} says that all is synced, but nobody else has ${token}`)
  }
}

/** What the disk holds, whatever memory says. */
function isOnDisk({ disk }: SimDevice, document: DocumentId | undefined, token: string): boolean {
  let known = onDisk.get(disk)
  if (!known || known.rows > disk.rows.length) {
    known = { rows: 0, docs: new Map(), tokens: new Set() }
    onDisk.set(disk, known)
  }
  for (const row of disk.rows.slice(known.rows)) {
    let doc = known.docs.get(row.document)
    if (!doc) {
      const made = new Y.Doc()
      const { tokens } = known
      made.getMap('tokens').observe((event) => {
        for (const key of event.keysChanged) tokens.add(key)
      })
      known.docs.set(row.document, made)
      doc = made
    }
    Y.applyUpdateV2(doc, row.update)
  }
  known.rows = disk.rows.length
  return document !== undefined && known.tokens.has(token)
}
const onDisk = new WeakMap<SimDevice['disk'], { rows: number; readonly docs: Map<DocumentId, Y.Doc>; readonly tokens: Set<string> }>()

/** When the network is whole again, and all had time. */
export function checkAtRest(sim: SimCase, messages: number): void {
  const devices = membersOf(sim)
  const [first, ...others] = devices
  // The one who removed all others was thrown away; or took them off the server's list before it heard of its own removal.
  if (!first && (sim.lost.size > 0 || isListLost(sim))) return
  if (!first) throw new Error('Nobody is left')
  for (const device of devices) {
    const { line, unsynced } = device.running()?.state ?? {}
    assert(
      isQuiet(sim, device, line?.kind) && isWhole(sim, device),
      () => `${device.name} is ${line?.kind} at the end, the log ${JSON.stringify(device.running()?.state.log)}; ${describe(sim)}`,
    )
    assert(unsynced === 0 || devices.length < 2, () => `${device.name} still counts ${unsynced} changes that nobody else has`)
  }
  for (const other of others) checkEqual(first, other)
  checkSaved(sim, devices)
  checkLost(sim, first)
  checkLogAtRest(sim, devices)
  checkRemoved(sim, first)
  checkMeetings(sim, first)
  // A stolen device asks for ever; it is answered ever more rarely.
  const askers = sim.devices.filter(({ disk }) => disk.isStolen && !devices.some((device) => device.disk === disk)).length
  assert(
    messages <= devices.length * (1 + 2 * askers),
    () => `${messages} messages in three minutes of rest: ${JSON.stringify(sim.world.network.counts())}`,
  )
}

/** Whom the server lets in are removed devices alone; for what can be done then see docs/THREAT-MODEL.md. */
function isListLost(sim: SimCase): boolean {
  const admitted = admittedBy(sim)
  const isRemoved = (key: DeviceKey) => sim.devices.some((device) => device.running()?.store.history()?.roll.removedDevices.has(key))
  return admitted !== null && [...admitted.keys()].every(isRemoved)
}

/**
 * What was made by somebody who knew of a removal never came to the removed device. A removal may turn out to count for
 * nothing (the remover was removed at the same time, by somebody of longer standing): then the device belongs.
 */
function checkRemoved(sim: SimCase, member: SimDevice): void {
  const removed = member.running()?.store.place()?.roll.removedDevices
  for (const device of sim.devices) {
    const removal = removed?.get(device.key)
    for (const token of removal ? device.disk.seen.keys() : []) {
      const change = sim.changes.get(token)
      const isKnown = change?.out.get(device.key) === `${removal?.by} ${removal?.at}`
      assert(!isKnown, () => `${device.name} got ${token}, made after its removal by ${change?.author.name}`)
    }
  }
}

function describe(sim: SimCase): string {
  return sim.devices
    .map((device) => {
      const place = device.running()?.store.place()
      const online = [...(device.running()?.state.devices ?? [])].map(([key, { online: isOnline, settled }]) => {
        const name = sim.devices.find((one) => one.key === key)?.name
        return `${name}${isOnline ? (settled ? '+' : '~') : '-'}`
      })
      return `${device.name}${device.disk.erased ? ' erased' : ''} epoch ${place?.epoch}/${place?.roll.epoch?.id} heads ${place?.roll.heads.length} [${online.join(' ')}]`
    })
    .join('; ')
}

function documentsOf({ disk }: SimDevice): DocumentId[] {
  return [...new Set(disk.rows.map(({ document }) => document))].sort()
}

function contentsOf(device: SimDevice, document: DocumentId): string {
  const doc = device.running()?.store.document(document)
  const maps = document === practiceDocument ? ['chain', 'members', 'settings', 'tokens'] : ['appointments', 'tokens']
  return JSON.stringify(
    maps.map((name) => doc?.getMap(name).toJSON() ?? {}),
    inOrder,
  )
}

/** Keys of objects in one order, whatever order they were set in. */
function inOrder(_key: string, value: unknown): unknown {
  if (!(value instanceof Object) || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function checkEqual(a: SimDevice, b: SimDevice): void {
  const [documents, others] = [documentsOf(a), documentsOf(b)]
  assert(documents.join() === others.join(), () => `${a.name} has ${documents.length} documents, ${b.name} ${others.length}`)
  for (const document of documents) {
    assert(
      contentsOf(a, document) === contentsOf(b, document),
      () => `${a.name} and ${b.name} differ in ${document}:\n${contentsOf(a, document)}\n${contentsOf(b, document)}`,
    )
    const [mine, theirs] = [a, b].map((device) => device.running()?.store.document(document)).map((doc) => doc && Y.encodeStateVector(doc))
    const sorted = (bytes: Uint8Array | undefined) =>
      JSON.stringify([...Y.decodeStateVector(bytes ?? new Uint8Array([0]))].sort(([x], [y]) => x - y))
    assert(
      sorted(mine) === sorted(theirs),
      () => `${a.name} and ${b.name} hold different parts of ${document}: ${sorted(mine)} ${sorted(theirs)}`,
    )
  }
  assert(rollText(a) === rollText(b), () => `${a.name} and ${b.name} read the chain differently`)
}

function rollText(device: SimDevice): string {
  const roll = device.running()?.store.place()?.roll
  return JSON.stringify(roll, (_key, value: unknown) => (value instanceof Map || value instanceof Set ? [...value] : value))
}

/** A removed device takes with it what it had told nobody; everything else is there. */
function checkSaved(sim: SimCase, devices: readonly SimDevice[]): void {
  const isMember = new Set(devices)
  for (const [token, { author, document, reported }] of sim.changes) {
    if (!reported || !isMember.has(author)) continue
    for (const device of devices) {
      const isThere = device.running()?.store.document(document).getMap('tokens').has(token)
      assert(isThere === true, () => `${token}, saved by ${author.name}, is missing on ${device.name}`)
    }
  }
}

/** A lost laptop takes nothing with it that it had said is synced. */
function checkLost(sim: SimCase, member: SimDevice): void {
  if (sim.mode.log === 'faulty' || sim.mode.log === 'malicious') return
  for (const [device, tokens] of sim.lost) {
    for (const token of tokens) {
      const document = sim.changes.get(token)?.document
      const isThere = document !== undefined && member.running()?.store.document(document).getMap('tokens').has(token) === true
      // One that was removed may have been the only one to whom it was told.
      const hadRemoved = sim.devices.some(({ disk }) => disk.erased && disk.seen.has(token))
      assert(isThere || hadRemoved, () => `${token} was synced when ${device.name} was lost, and is nowhere`)
    }
  }
}

function checkMeetings(sim: SimCase, device: SimDevice): void {
  const isMember = new Set(membersOf(sim).map(({ name }) => name))
  for (const { document, id, moved, edited } of sim.meetings) {
    const entity = device.running()?.store.document(document).getMap('appointments').get(id)
    const field = (name: string) => (entity instanceof Y.Map ? entity.get(name) : undefined)
    if (moved && isMember.has(moved)) assert(field('start') === `moved ${id}`, () => `The move by ${moved} is lost`)
    if (edited && isMember.has(edited)) assert(field('status') === `edited ${id}`, () => `The edit by ${edited} is lost`)
  }
}
