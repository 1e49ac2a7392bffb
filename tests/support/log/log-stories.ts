import type { LogReading } from '@alcove/shared/domain/log-reading'
import { fc } from '../property.ts'
import { append, catchUp, type ModelDevice, type ModelLog, type ModelRecord, newDevice, newLog, write } from './log-model.ts'

export const epochs = [null]
export const honest = () => {}
export const all = { jump: false, most: 1000 }

/** Who writes, and whether they read before it; the first of them is the one that is lied to. */
export const story = fc.array(fc.record({ who: fc.nat(2), reads: fc.boolean() }), { minLength: 12, maxLength: 30 })
export type Story = readonly { readonly who: number; readonly reads: boolean }[]
export type World = { readonly log: ModelLog; readonly devices: readonly ModelDevice[]; readonly made: number }

export function go({ log: before, devices: then, made: already }: World, story: Story): World {
  let log = before
  let made = already
  const devices = [...then]
  for (const { who, reads } of story) {
    const device = devices[who]
    if (!device) continue
    const hasOwnUnread = log.records.filter(({ header }) => header.device === device.tag).length > (device.stand.seen.get(device.tag) ?? 0)
    const now = reads || hasOwnUnread ? catchUp(device, log, epochs, all, honest) : device
    const record = write(now, 'update', null, new Set([++made]), epochs)
    log = append(log, record) ?? log
    devices[who] = now
  }
  return { log, devices, made }
}

export const start: World = { log: newLog, devices: ['victim', 'b', 'c'].map(newDevice), made: 0 }

/** The victim has read the first part, and asks for what came after it. */
export function before(first: Story, second: Story): { readonly victim: ModelDevice; readonly log: ModelLog; readonly seenUpTo: number } {
  const early = go(start, first)
  const victim = catchUp(early.devices[0] ?? newDevice('victim'), early.log, epochs, all, honest)
  const later = go({ ...early, devices: [victim, ...early.devices.slice(1)] }, second)
  return { victim, log: later.log, seenUpTo: victim.stand.position.sequence }
}

/** All that a server gives to somebody who asks for it in pages, whatever it says; with what was noticed. */
export function readAll(device: ModelDevice, log: ModelLog, how = { jump: false, most: 7 }) {
  const readings: LogReading[] = []
  const after = catchUp(device, log, epochs, how, (reading) => readings.push(reading))
  return { after, incidents: new Set(readings.flatMap(({ incidents }) => [...incidents])), last: readings.at(-1)?.next, readings }
}

export function withRecords(log: ModelLog, records: readonly ModelRecord[]): ModelLog {
  return { ...log, records }
}

/** Whether the second can only be there because the first was. */
export function buildsOn(one: ModelRecord, other: ModelRecord): boolean {
  const { device, number } = one.header
  return other.header.device === device ? other.header.number > number : (other.header.seen.get(device) ?? 0) >= number
}

export function pairs(log: ModelLog, from: number) {
  return log.records.flatMap((one, index) =>
    index < from ? [] : log.records.flatMap((other, at) => (at > index && buildsOn(one, other) ? [{ one: index, other: at }] : [])),
  )
}

export const attack = fc.record({ first: story, second: story, pick: fc.nat() })
export const pickOf = <T>(choices: readonly T[], pick: number): T => {
  const chosen = choices[pick % choices.length]
  fc.pre(chosen !== undefined)
  return chosen as T
}
