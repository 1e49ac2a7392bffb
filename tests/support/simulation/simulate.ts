import { signEntry } from '@alcove/shared/crypto/chain'
import { randomId } from '@alcove/shared/crypto/bytes'
import type { DeviceKey, DocumentId, MemberId } from '@alcove/shared/domain/ids'
import type { LogIncidentKind } from '@alcove/shared/domain/sealed-log'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import type { Role } from '@alcove/shared/domain/practice'
import * as Y from 'yjs'
import { createRandom } from '../signaling/fuzz.ts'
import { bridge, checkAtRest, checkDuring, isSettled, messagesOfMembers } from './checks.ts'
import { createSeededCrypto, installCrypto } from './seeded-crypto.ts'
import type { SimCase, SimChange } from './sim-case.ts'
import type { SimDevice } from './sim-device.ts'
import { createLogActs } from './sim-log-acts.ts'
import { checkLogDuring } from './sim-log-checks.ts'
import { installInstantStreams } from './instant-streams.ts'
import type { Attack } from './sim-log-attacks.ts'
import { prunedIn } from './sim-log-disk.ts'
import { type LogMode, restsAfterMs } from './sim-mode.ts'
import { createSimCase, type SimOptions } from './sim-world.ts'
import { foundPractice, inviteDevice } from './sim-practice.ts'
import { practiceDocument } from './sim-disk.ts'

const [secondMs, minuteMs, hourMs] = [1000, 60_000, 3_600_000]

export type SimReport = {
  readonly devices: number
  readonly acts: number
  readonly saved: number
  readonly removed: number
  readonly entries: number
  readonly hours: number
  readonly messages: Readonly<Record<string, number>>
  readonly log: LogMode
  /** What the server did to its logs, what it answered, and what was noticed. */
  readonly attacks: readonly Attack[]
  /** Records of removed devices that it took. */
  readonly smuggled: number
  readonly served: Readonly<Record<string, number>>
  readonly noticed: readonly LogIncidentKind[]
  readonly pruned: number
  readonly events: number
}

/**
 * One practice over some hours, wholly decided by the seed. Throws, with what happened, when a promise is broken; the
 * same seed does the same again (`npm run simulate -- <seed>`).
 */
export async function simulate(
  seed: number,
  { sabotage = 'none', serverSabotage = null, log, onFail }: SimOptions = {},
): Promise<SimReport> {
  const uninstall = [installCrypto(createSeededCrypto(createRandom(seed ^ 0x5eed))), installInstantStreams()]
  const sim = createSimCase(seed, { sabotage, serverSabotage, ...(log && { log }) })
  try {
    return await run(sim)
  } catch (error) {
    onFail?.(sim)
    const who = sim.devices.map(({ name, reach, isLost }) => `${name} ${reach}${isLost ? ' lost' : ''}`).join(', ')
    throw new Error(
      `Seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\nlog ${sim.mode.log}; ${who}\n${sim.log.slice(-60).join('\n')}`,
    )
  } finally {
    for (const device of sim.devices) device.crash()
    for (const undo of uninstall) undo()
  }
}

async function run(sim: SimCase): Promise<SimReport> {
  const { world, devices, changes } = sim
  const { time, random, network } = world
  const startedAt = time.now()
  const most = 2 + random.below(7)
  const schedule = Array.from({ length: 3 }, () => randomId() as DocumentId)
  const appointments: { readonly document: DocumentId; readonly id: string }[] = []
  let tokens = 0
  let named = 1
  let hostileMember: MemberId | null = null

  const note = (text: string) => sim.log.push(`${((time.now() - startedAt) / secondMs).toFixed(1)} s ${text}`)
  const running = () => devices.filter((device) => device.running() && !device.disk.erased)
  const rollOf = (device: SimDevice) => device.running()?.store.place()?.roll ?? null

  // --- people ----------------------------------------------------------------------------------------------------------

  async function invite(by: SimDevice, member: MemberId): Promise<void> {
    if (devices.length >= most) return
    const name = `d${named++}`
    const options = { isStolen: random.below(2) === 0, isHostile: member === hostileMember }
    const device = await inviteDevice(world, by, member, name, options)
    if (!device || devices.length >= most) return
    note(`${by.name} lets ${name} in`)
    devices.push(device)
    await device.start()
  }

  async function addMember(by: SimDevice): Promise<void> {
    const member = randomId() as MemberId
    const isHostile = hostileMember === null && random.below(2) === 0
    const roles = isHostile
      ? (['scheduler'] as const)
      : random.pick<readonly Role[]>([['administrator'], ['clinician'], ['clinician', 'administrator'], ['scheduler']])
    if (isHostile) hostileMember = member
    const added = await by.running()?.store.act([{ type: 'add-member', member, name: isHostile ? 'Mallory' : 'Sam', roles: [...roles] }])
    if (added?.ok) await invite(by, member)
  }

  async function remove(by: SimDevice): Promise<void> {
    const roll = rollOf(by)
    const store = by.running()?.store
    if (!roll || !store) return
    const others = [...roll.devices.values()].filter(({ key }) => key !== by.key)
    if (others.length === 0) return
    const { key, member } = random.pick(others)
    const whole = random.below(4) === 0
    const gone = new Set(whole ? [...roll.devices.values()].filter((one) => one.member === member).map((one) => one.key) : [key])
    if (gone.has(by.key)) return
    const operation: Operation = whole ? { type: 'remove-member', member } : { type: 'remove-device', device: key }
    const done = await store.act([operation, await store.rekey(gone)])
    note(`${by.name} removes ${whole ? 'the member of ' : ''}${nameOf(key)}: ${done.ok ? 'ok' : done.error}`)
  }

  function nameOf(key: DeviceKey): string {
    return devices.find((device) => device.key === key)?.name ?? '?'
  }

  async function administer(by: SimDevice): Promise<void> {
    const roll = rollOf(by)
    const store = by.running()?.store
    if (!roll || !store) return
    const member = random.pick([...roll.members.values()]).id
    const operation = random.pick<Operation>([
      { type: 'change-telehealth', tier: random.pick(['off', 'basic'] as const) },
      { type: 'rename-member', member, name: `Sam ${tokens}` },
      { type: 'rename-device', device: random.pick([...roll.devices.keys()]), label: `Laptop ${tokens}` },
      {
        type: 'change-roles',
        member,
        roles: [...random.pick<readonly Role[]>([['administrator', 'clinician'], ['clinician'], ['administrator']])],
      },
    ])
    if (operation.type === 'change-roles' && member === hostileMember) return
    const done = await store.act([operation])
    note(`${by.name} ${operation.type}: ${done.ok ? 'ok' : done.error}`)
  }

  // --- appointments ------------------------------------------------------------------------------------------------------

  async function save(by: SimDevice, document: DocumentId, run: (doc: Y.Doc) => void): Promise<boolean> {
    const store = by.running()?.store
    if (!store?.history()) return false
    const token = `t${tokens++}`
    const roll = rollOf(by)
    const out = new Map([...(roll?.removedDevices ?? [])].map(([key, { by: remover, at }]) => [key, `${remover} ${at}`]))
    const change: SimChange = { author: by, document, out, reported: false }
    changes.set(token, change)
    const stored = await store.change(document, (doc) => {
      doc.getMap('tokens').set(token, by.name)
      run(doc)
    })
    if (!stored.ok) return false
    change.reported = true
    by.saved.push(token)
    return true
  }

  const entity = (doc: Y.Doc, id: string) => doc.getMap('appointments').get(id) as Y.Map<unknown> | undefined

  async function edit(by: SimDevice): Promise<void> {
    if (random.below(8) === 0)
      return void (await save(by, practiceDocument, (doc) => doc.getMap('settings').set('contactPhone', `555 ${tokens}`)))
    const known = appointments.length > 0 && random.below(3) > 0 ? random.pick(appointments) : null
    if (!known) {
      const made = { document: random.pick(schedule), id: randomId() }
      const isSaved = await save(by, made.document, (doc) =>
        doc.getMap('appointments').set(
          made.id,
          new Y.Map([
            ['start', `9:${tokens}`],
            ['status', 'booked'],
          ]),
        ),
      )
      if (isSaved) appointments.push(made)
      return
    }
    await save(by, known.document, (doc) => entity(doc, known.id)?.set(random.pick(['start', 'status', 'duration']), `v${tokens}`))
  }

  /** One moves it, one marks it, at the same time and apart. */
  async function meet(): Promise<void> {
    const apart = running().filter((device) => rollOf(device)?.devices.has(device.key))
    if (apart.length < 2) return
    const mover = random.pick(apart)
    const editor = random.pick(apart.filter((device) => device !== mover))
    const [document, id] = [random.pick(schedule), randomId()]
    const isMade = await save(mover, document, (doc) =>
      doc.getMap('appointments').set(
        id,
        new Y.Map([
          ['start', '9:00'],
          ['status', 'booked'],
        ]),
      ),
    )
    if (!isMade) return
    after(5 * secondMs, async () => {
      if (!editor.running()?.store.document(document).getMap('appointments').has(id)) return
      mover.host.island = 1 + random.below(5)
      network.moved()
      const meeting = { document, id, moved: null as string | null, edited: null as string | null }
      sim.meetings.push(meeting)
      const [moved, edited] = await Promise.all([
        save(mover, document, (doc) => entity(doc, id)?.set('start', `moved ${id}`)),
        save(editor, document, (doc) => entity(doc, id)?.set('status', `edited ${id}`)),
      ])
      if (moved && !mover.disk.erased) meeting.moved = mover.name
      if (edited && !editor.disk.erased) meeting.edited = editor.name
      note(`${mover.name} moves, ${editor.name} edits one appointment`)
    })
  }

  // --- what goes wrong -----------------------------------------------------------------------------------------------

  function after(delayMs: number, then: () => unknown): void {
    time.after(delayMs, () => void Promise.resolve(then()).catch(fail))
  }
  let failure: unknown = null
  function fail(error: unknown): void {
    failure ??= error
  }

  function howLongMs(): number {
    return random.pick([random.next() * 2 * secondMs, random.next() * minuteMs, random.next() * 20 * minuteMs, random.next() * 4 * hourMs])
  }

  function leave(device: SimDevice): void {
    device.host.online = false
    if (random.below(2) === 0) device.host.island = 10 + devices.indexOf(device)
    network.moved()
    const forMs = howLongMs()
    note(`${device.name} is offline for ${Math.round(forMs / secondMs)} s`)
    after(forMs, () => {
      device.host.online = true
      device.host.island = 0
      network.moved()
      device.running()?.engine.hurry()
    })
  }

  function part(): void {
    for (const { host } of devices) host.island = random.below(2)
    const isServerGone = random.below(3) === 0
    if (isServerGone) for (const { host } of devices) host.online = false
    network.moved()
    const forMs = howLongMs()
    note(`the network is parted${isServerGone ? ', the server gone' : ''} for ${Math.round(forMs / secondMs)} s`)
    after(forMs, mend)
  }

  function mend(): void {
    for (const { host } of devices) {
      host.online = true
      host.island = 0
    }
    network.moved()
  }

  async function crash(device: SimDevice): Promise<void> {
    if (random.below(2) === 0) void edit(device).catch(fail)
    after(random.next() * 60, () => {
      note(`${device.name} crashes`)
      device.crash()
      if (random.below(3) === 0) device.skewMs += (random.next() - 0.5) * hourMs
      after(howLongMs(), () => device.start())
    })
  }

  function fillDisk(device: SimDevice): void {
    device.disk.isFull = true
    note(`the disk of ${device.name} is full`)
    after(random.next() * 3 * minuteMs, () => {
      device.disk.isFull = false
    })
  }

  /** What a device with the keys, but not the right, can write. */
  async function forge(by: SimDevice): Promise<void> {
    const running = by.running()
    const roll = rollOf(by)
    if (!running || !roll) return
    const { store } = running
    const administrator = [...roll.devices.values()].find(({ member }) => roll.members.get(member)?.roles.includes('administrator'))
    const mine = by.disk.member
    const operations: Operation[] = [
      { type: 'change-roles', member: mine, roles: ['administrator'] },
      { type: 'change-telehealth', tier: 'premium' },
    ]
    const contents = { parents: roll.heads.slice(0, 8), at: Math.round(time.now()), operations: structuredClone(operations) as never }
    const own = await signEntry(contents, by.disk.device)
    const claimed = Buffer.from(JSON.stringify({ ...contents, by: administrator?.key ?? by.key })).toString('base64url')
    const forged = `${claimed}.${own.signed.split('.')[1]}`
    note(`${by.name} forges`)
    await store.change(practiceDocument, (doc) => {
      doc.getMap('settings').set('telehealth', 'premium')
      doc.getMap('members').set(mine, new Y.Map<unknown>([['roles', ['administrator']]]))
      const chain = doc.getMap('chain')
      chain.set(own.hash, new Y.Map([['signed', own.signed]]))
      chain.set(randomId(), new Y.Map([['signed', forged]]))
    })
  }

  const logActs = createLogActs({ sim, random: world.logRandom, schedule, note, after, save })

  async function act(): Promise<void> {
    if (await logActs.perhaps()) return
    const here = running()
    if (here.length === 0) return
    const device = random.pick(here)
    const dice = random.below(100)
    if (dice < 48) return edit(device)
    if (dice < 54) return meet()
    if (dice < 62) return leave(device)
    if (dice < 66) return part()
    if (dice < 70) return mend()
    if (dice < 77) return crash(device)
    if (dice < 79) return fillDisk(device)
    if (dice < 85) return addMember(device)
    if (dice < 88) return invite(device, device.disk.member)
    if (dice < 93) return remove(device)
    if (dice < 96) return administer(device)
    const hostile = here.find(({ isHostile }) => isHostile)
    if (hostile) return forge(hostile)
  }

  // --- the hours -----------------------------------------------------------------------------------------------------

  const first = await foundPractice(world, 'd0')
  devices.push(first)
  await first.start()
  const acts = 15 + random.below(45)
  for (let i = 0; i < acts; i++) {
    // The first days of a practice: people come. Later: whatever happens.
    if (i < 6) void (random.below(2) === 0 ? addMember(first) : invite(first, first.disk.member)).catch(fail)
    else void act().catch(fail)
    const pauseMs = random.pick([
      random.next() * 200,
      random.next() * 5 * secondMs,
      random.next() * 5 * secondMs,
      random.next() * 3 * minuteMs,
      random.below(6) === 0 ? random.next() * 2 * hourMs : secondMs,
    ])
    await time.runUntil(time.now() + pauseMs)
    if (failure) throw failure
    await checkLogDuring(sim)
    checkDuring(sim)
  }

  // All come back, and nothing more happens.
  note('all come back')
  await time.runUntil(time.now() + 4 * hourMs + minuteMs)
  mend()
  logActs.mend()
  bridge(sim)
  for (const device of devices) {
    device.disk.isFull = false
    if (!device.running()) await device.start()
  }
  for (let i = 0; i < 60 && !isSettled(sim); i++) await time.runUntil(time.now() + 15 * secondMs)
  await time.runUntil(time.now() + restsAfterMs(sim.mode))
  const before = messagesOfMembers(sim)
  await time.runUntil(time.now() + 3 * minuteMs)
  if (failure) throw failure
  await checkLogDuring(sim)
  checkDuring(sim)
  checkAtRest(sim, messagesOfMembers(sim) - before)

  const honest = devices.find((device) => !device.disk.erased)
  return {
    devices: devices.length,
    acts,
    saved: [...changes.values()].filter(({ reported }) => reported).length,
    removed: devices.filter(({ disk }) => disk.erased).length,
    entries: honest?.running()?.store.history()?.order.length ?? 0,
    hours: (time.now() - startedAt) / hourMs,
    messages: network.counts(),
    log: sim.mode.log,
    attacks: sim.attacks,
    smuggled: sim.smuggled.length,
    served: world.server.counts(),
    noticed: [...new Set(devices.flatMap(({ disk }) => disk.noticed.map(({ kind }) => kind)))],
    pruned: prunedIn(world.server.disk()),
    events: time.events(),
  }
}
