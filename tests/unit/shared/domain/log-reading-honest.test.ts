import type { EpochId } from '@alcove/shared/domain/ids'
import type { LogReading } from '@alcove/shared/domain/log-reading'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'
import {
  append,
  catchUp,
  type Epoch,
  endOf,
  hashAt,
  type ModelDevice,
  type ModelLog,
  type ModelRecord,
  mayWriteSnapshot,
  newDevice,
  newLog,
  write,
} from '../../../support/log/log-model.ts'

/** What happens at an honest server: devices write from wherever they stand, read in pages or with jumps, come anew, get new keys. */
const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('write' as const), who: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('snapshot' as const), who: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('ack' as const), who: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('read' as const), who: fc.nat(3), jump: fc.boolean(), most: fc.integer({ min: 1, max: 6 }) }),
  },
  /** Of the device only what it stored is left, or nothing. */
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), who: fc.nat(3), anew: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('new-key' as const), who: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('learn-keys' as const), who: fc.nat(3) }) },
)
type Happening = ReturnType<typeof fc.sample<typeof happening extends fc.Arbitrary<infer T> ? T : never>>[number]

function run(happenings: readonly Happening[], judge: (reading: LogReading) => void) {
  let log: ModelLog = newLog
  const epochs: Epoch[] = [null]
  let devices: readonly ModelDevice[] = ['a', 'b', 'c', 'd'].map(newDevice)
  let made = 0
  let names = 0

  const put = (who: number, device: ModelDevice) => {
    devices = devices.map((one, index) => (index === who ? device : one))
  }
  const readAll = (who: number, how = { jump: true, most: 5 }) => {
    const device = devices[who]
    if (device) put(who, catchUp(device, log, epochs, how, judge))
  }
  /** A device has one record under way at a time: it stands where its last one can be read. */
  const ready = (who: number): ModelDevice | undefined => {
    const device = devices[who]
    const mine = log.records.filter(({ header }) => header.device === device?.tag).length
    if (device && (device.stand.seen.get(device.tag) ?? 0) < mine) readAll(who)
    return devices[who]
  }
  const send = (record: ModelRecord): void => {
    log = append(log, record) ?? log
  }
  const upload = (who: number) => {
    const device = ready(who)
    const lacking = device && [...device.local].filter((one) => !device.known.has(one))
    if (device && lacking && lacking.length > 0) send(write(device, 'update', null, new Set(lacking), epochs))
    return lacking?.length ?? 0
  }

  for (const event of happenings) {
    const device = ready(event.who)
    if (!device) continue
    switch (event.type) {
      case 'write':
        put(event.who, { ...device, local: new Set([...device.local, ++made]) })
        upload(event.who)
        break
      case 'snapshot':
        if (mayWriteSnapshot(device, epochs)) send(write(device, 'snapshot', device.stand.position, device.known, epochs))
        else send(write(device, 'update', null, new Set(), epochs))
        break
      case 'ack': {
        const at = device.stand.snapshotAt
        if (at > 0) send(write(device, 'ack', { sequence: at, hash: hashAt(log, at) }, new Set(), epochs))
        break
      }
      case 'read':
        readAll(event.who, event)
        break
      case 'restart':
        put(event.who, event.anew ? { ...newDevice(`n${++names}`), keys: device.keys } : { ...device, told: new Map() })
        break
      case 'new-key':
        epochs.push(`key-${epochs.length}` as EpochId)
        put(event.who, { ...device, keys: epochs.length })
        break
      case 'learn-keys':
        put(event.who, { ...device, keys: epochs.length })
        break
    }
  }
  // They meet: whoever has something that the log lacks writes it, under the newest key.
  for (let turn = 0; turn < 8; turn++) {
    for (const who of devices.keys()) {
      readAll(who)
      const device = devices[who]
      if (device) put(who, { ...device, keys: epochs.length })
      upload(who)
    }
  }
  for (const who of devices.keys()) readAll(who)
  return { log, devices, epochs, made }
}

describe('an honest log', () => {
  test('raises no incident, whoever writes at the same time, over jumps, pruned parts, new keys and restarts', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 40, maxLength: 80 }), (happenings) => {
        const { devices, log } = run(happenings, (reading) => {
          expect(reading.incidents).toEqual([])
          expect(['done', 'more', 'wait']).toContain(reading.next)
        })
        const [first] = devices
        for (const device of devices) {
          expect(device.stand.position).toEqual(endOf(log))
          expect(device.stand.seen).toEqual(first?.stand.seen)
          expect(device.stand.epoch).toEqual(first?.stand.epoch)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('gives every device the same document in the end, and every device knows what the log has', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 40, maxLength: 80 }), (happenings) => {
        const { devices, log, epochs } = run(happenings, () => {})
        const [first] = devices
        for (const device of devices) {
          expect(device.local).toEqual(first?.local)
          expect([...device.known].sort()).toEqual([...device.local].sort())
        }
        const fresh = catchUp({ ...newDevice('fresh'), keys: epochs.length }, log, epochs, { jump: true, most: 3 }, () => {})
        expect([...fresh.known].sort()).toEqual([...(first?.known ?? [])].sort())
      }),
      { numRuns: 100 },
    )
  })
})
