import type { DocumentId } from '@alcove/shared/domain/ids'
import type * as Y from 'yjs'
import type { Random } from '../signaling/fuzz.ts'
import type { SimCase } from './sim-case.ts'
import type { SimDevice } from './sim-device.ts'
import { attacks, commitAttack } from './sim-log-attacks.ts'
import { copyOf, createSimLogDisk, type SimLogDisk } from './sim-log-disk.ts'
import { learnWhatIsBefore, smuggle } from './sim-log-thief.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

export type LogActsDeps = {
  readonly sim: SimCase
  /** Of its own, so that a practice without a log does what it did before there were logs. */
  readonly random: Random
  readonly schedule: readonly DocumentId[]
  readonly note: (text: string) => void
  /** Runs later; its failure is the simulation's. */
  readonly after: (delayMs: number, then: () => unknown) => void
  readonly save: (by: SimDevice, document: DocumentId, run: (doc: Y.Doc) => void) => Promise<boolean>
}

export type LogActs = {
  /** Perhaps something happens to the log; false: something else should. */
  perhaps(): Promise<boolean>
  /** The server is whole and honest from now on. */
  mend(): void
}

/** What happens to the log on the server, and what makes it long. */
export function createLogActs({ sim, random, schedule, note, after, save }: LogActsDeps): LogActs {
  const { world, devices, mode } = sim
  const { server, time } = world
  let backup: SimLogDisk | null = null
  let isAstray = false
  let attempts = 0

  const here = () => devices.filter((device) => device.running() && !device.disk.erased)
  const howLongMs = () => random.pick([random.next() * 10 * secondMs, random.next() * 3 * minuteMs, random.next() * 20 * minuteMs])

  /** Long enough for a snapshot, and then another. */
  async function pile(by: SimDevice): Promise<void> {
    const document = schedule[0]
    if (!document) return
    const times = 4 + random.below(5)
    note(`${by.name} writes much`)
    for (let i = 0; i < times; i++) {
      const text = random.bytes(50_000 + random.below(20_000)).toString('base64')
      if (!(await save(by, document, (doc) => doc.getMap('blobs').set('one', text)))) return
      await new Promise<void>((resolve) => void time.after(random.next() * 4 * secondMs, resolve))
    }
  }

  function crash(): void {
    const forMs = random.pick([random.next() * 2 * secondMs, random.next() * 2 * minuteMs])
    note(`the server loses its power for ${Math.round(forMs / secondMs)} s`)
    server.crash(forMs)
  }

  function fill(): void {
    const disk = server.disk()
    disk.isFull = true
    note('the disk of the server is full')
    after(random.next() * 5 * minuteMs, () => {
      disk.isFull = false
    })
  }

  function loseDisk(): void {
    note('the server loses its disk')
    server.crash(random.next() * 20 * secondMs, createSimLogDisk())
  }

  function restore(): void {
    if (!backup || random.below(3) === 0) {
      backup = copyOf(server.disk())
      note('the server makes a backup')
      return
    }
    note('the server is restored from its backup')
    server.crash(random.next() * 20 * secondMs, copyOf(backup))
  }

  /** The person throws the laptop away: what it had told to somebody must be there. */
  function lose(): void {
    const members = here().filter((device) => device !== devices[0] && device.reach !== 'peers')
    if (sim.lost.size > 0 || here().length < 2 || members.length === 0) return
    const device = random.pick(members)
    if (isLastAdministrator(device)) return
    note(`${device.name} is lost`)
    sim.lost.set(device, new Set(device.running()?.state.unsynced === 0 ? device.saved : []))
    device.isLost = true
    device.crash()
  }

  function isLastAdministrator(device: SimDevice): boolean {
    const roll = devices[0]?.running()?.store.place()?.roll
    const isThere = (key: string) => devices.some((one) => one.key === key && !one.isLost && one !== device)
    const others = [...(roll?.devices.values() ?? [])].filter(({ key }) => isThere(key))
    return !others.some(({ member }) => roll?.members.get(member)?.roles.includes('administrator'))
  }

  async function attack(): Promise<void> {
    if (isAstray) return
    const chosen = attacks[(mode.firstAttack + attempts++) % attacks.length] ?? 'fork'
    const copy = copyOf(server.disk())
    const victims = here().filter(() => random.below(2) === 0)
    if (victims.length === 0) return
    const log = await commitAttack(copy, chosen, random, sim.forged)
    if (log === null) return
    learnWhatIsBefore(sim, copy)
    const smuggled = await smuggle(sim, copy, schedule)
    if (smuggled) sim.smuggled.push(smuggled)
    isAstray = true
    sim.attacks.push(chosen)
    note(
      `the server shows ${victims.map(({ name }) => name).join()} another log: ${chosen} in ${log}${smuggled ? `, with a removed device's record in ${smuggled.document}` : ''}`,
    )
    server.leadAstray(new Set(victims.map(({ host }) => host)), copy)
    after(howLongMs(), unite)
  }

  function unite(): void {
    if (!isAstray) return
    isAstray = false
    const keep = random.below(3) === 0 ? 'other' : 'main'
    note(`the server shows all the same log again: ${keep === 'main' ? 'the true one' : 'the other one'}`)
    server.unite(keep)
  }

  return {
    async perhaps() {
      if (mode.log === 'none' || random.below(8) > 0) return false
      const dice = random.below(12)
      if (dice < 3) {
        const [by] = here()
        if (by) void pile(random.pick(here())).catch((error: unknown) => after(0, () => Promise.reject(error)))
      } else if (dice < 5) crash()
      else if (dice < 6) fill()
      else if (dice < 7) lose()
      else if (mode.log === 'faulty') (random.below(3) === 0 ? loseDisk : restore)()
      else if (mode.log === 'malicious') await attack()
      else return false
      return true
    },
    mend() {
      unite()
      server.disk().isFull = false
    },
  }
}
