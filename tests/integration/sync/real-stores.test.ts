import type { Role } from '@alcove/shared/domain/practice'
import { describe, expect, it } from 'vitest'
import {
  createRealPractice,
  doSomething,
  type RealDevice,
  type RealPractice,
  type Shown,
  shownBy,
} from '../../support/sync/real-practice.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const seeds = Array.from({ length: process.env.ALCOVE_LONG === '1' ? 300 : 3 }, (_, i) => i + 1)

describe('the real stores of several devices, with all that can happen to them', () => {
  it.each(seeds)(
    'seed %i: all show the same in the end, and nothing that was reported saved is missing',
    async (seed) => {
      const world = createRealPractice(seed)
      try {
        await live(world)
      } finally {
        world.close()
      }
    },
    120_000,
  )
})

async function live(world: RealPractice): Promise<void> {
  const { time, random, devices } = world
  const most = 2 + random.below(4)
  const first = await world.during(world.found())
  let failure: unknown = null
  const run = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => {
      // What was on its way when the power went ends like this.
      if (!(error instanceof DOMException && error.name === 'DatabaseClosedError')) failure ??= error
    })

  async function comeIn(): Promise<void> {
    const store = first.running?.store
    if (!store || devices.length >= most) return
    if (random.below(2) === 0) return void (await world.invite(first, { kind: 'own-device' }))
    const roles = random.pick<readonly Role[]>([['clinician'], ['scheduler'], ['administrator']])
    const member = await store.practice.addMember({ name: `Kim ${devices.length}`, roles })
    if (member.ok) await world.invite(first, { kind: 'colleague', member: member.value.id })
  }

  async function disturb(device: RealDevice): Promise<void> {
    if (random.below(2) === 0 && device !== first) {
      run(doSomething(world, device))
      time.after(random.next() * 40, () => world.crash(device))
      time.after(random.next() * 3 * minuteMs, () => run(world.start(device)))
    } else {
      world.setOnline(device, false)
      time.after(random.next() * 5 * minuteMs, () => world.setOnline(device, true))
    }
  }

  for (let i = 0; i < 50; i++) {
    const device = random.pick(devices)
    if (i % 8 === 1) run(comeIn())
    else if (random.below(8) === 0) run(disturb(device))
    else run(doSomething(world, device))
    await time.runUntil(time.now() + random.pick([50, secondMs, 5 * secondMs, 30 * secondMs]))
    if (failure) throw failure
  }

  await time.runUntil(time.now() + 6 * minuteMs)
  for (const device of devices) {
    if (!device.running) await world.during(world.start(device))
    world.setOnline(device, true)
  }
  let shown: ReadonlyMap<RealDevice, Shown | null> = new Map()
  for (let i = 0; i < 40; i++) {
    await time.runUntil(time.now() + 15 * secondMs)
    shown = await world.during(all(devices))
    if (isSettled(devices, shown)) break
  }
  if (failure) throw failure

  const [reference, ...others] = [...shown].filter(([, each]) => each !== null)
  if (!reference?.[1]) throw new Error('Nobody is left')
  for (const [device, each] of others) expect({ device: device.name, ...each }).toEqual({ device: device.name, ...reference[1] })
  const found = new Set<string>(reference[1].appointments.map(({ id }) => id))
  for (const [device, each] of shown) {
    if (each === null) continue
    expect([device.name, [...device.saved].filter((id) => !found.has(id))]).toEqual([device.name, []])
    expect([device.name, device.running?.state.unsynced, device.running?.store.damage()]).toEqual([
      device.name,
      expect.any(Number),
      { rows: 0, entities: 0 },
    ])
    if (others.length > 0)
      expect([device.name, device.running?.state.line.kind, device.running?.state.unsynced]).toEqual([device.name, 'synced', 0])
    // The index has what the documents have.
    const rows = device.disk.disk.rows('appointments') as readonly { readonly id: string; readonly startAt: number }[]
    const starts = new Map(each.appointments.map(({ id, startAt }) => [String(id), startAt]))
    expect(new Map([...rows].map(({ id, startAt }) => [id, startAt]).sort() as [string, number][])).toEqual(new Map([...starts].sort()))
  }
}

async function all(devices: readonly RealDevice[]): Promise<ReadonlyMap<RealDevice, Shown | null>> {
  return new Map(
    await Promise.all(devices.map(async (device) => [device, device.running ? await shownBy(device.running.store) : null] as const)),
  )
}

function isSettled(devices: readonly RealDevice[], shown: ReadonlyMap<RealDevice, Shown | null>): boolean {
  const left = devices.filter((device) => shown.get(device))
  return left.every(({ running }) => left.length < 2 || (running?.state.line.kind === 'synced' && running.state.unsynced === 0))
}
