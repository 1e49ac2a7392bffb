import { deriveLogKey } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, readHeader, sealRecord } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { RecordHeader } from '@alcove/shared/domain/sealed-log'
import * as Y from 'yjs'
import type { SimCase, Smuggled } from './sim-case.ts'
import type { SimDevice } from './sim-device.ts'
import { nameOf, recordsOf, rewriteLog, type SimLogDisk } from './sim-log-disk.ts'

/**
 * A server that takes what a removed device writes: good signature, good number, sealed under the newest practice key that the device
 * had. Behind a record of a newer key it must count for nothing. Draws nothing, so that the rest of the run is as it would be.
 */
export async function smuggle(sim: SimCase, disk: SimLogDisk, schedule: readonly DocumentId[]): Promise<Smuggled | null> {
  const place = sim.devices
    .find((device) => device.reach !== 'peers' && device.running()?.store.place())
    ?.running()
    ?.store.place()
  const [space] = disk.spaces.keys()
  if (!place || !space) return null
  for (const thief of sim.devices.filter(({ key }) => place.roll.removedDevices.has(key))) {
    const tag = await deviceTagOf(thief.key)
    const removed = new Set(await Promise.all([...place.roll.removedDevices.keys()].map((key) => deviceTagOf(key))))
    for (const document of schedule) {
      const log = disk.spaces.get(space)?.logs.get(document)
      if (!log) continue
      const records = recordsOf(log)
      const behind = new Set(headersOf(sim, records).flatMap(({ device, epoch }) => (removed.has(device) ? [] : [epoch])))
      const [epoch, secret] = newestOf(thief, place.epochs)
      if (!isFenced({ epoch, behind }, place.epochs)) continue
      const token = `evil ${sim.smuggled.length}`
      const number = 1 + (log.state.writers.get(tag)?.number ?? 0)
      const header = { kind: 'update', device: tag, number, epoch, seen: new Map(), covers: null } as const
      const key = await deriveLogKey(secret, epoch, thief.key)
      const record = await sealRecord({ space, log: document }, header, key, thief.disk.device, updateOf(token))
      if (!record) throw new Error('A record that is too long')
      if (!(await rewriteLog(disk, space, document, [...records, record]))) continue
      return { document, token, record: nameOf(record), epoch, behind, wasTakenInGoodFaith: false }
    }
  }
  return null
}

/**
 * A later attack may leave out the record of the newer key that stood before one of these, or put it behind it: whoever reads that
 * log, and nothing else, cannot know of it there (docs/THREAT-MODEL.md), and notices by what came after that something is amiss.
 */
export function learnWhatIsBefore(sim: SimCase, disk: SimLogDisk): void {
  for (const { logs } of disk.spaces.values()) {
    for (const one of sim.smuggled) {
      const log = logs.get(one.document)
      const records = log ? recordsOf(log) : []
      const at = records.findIndex((bytes) => nameOf(bytes) === one.record)
      if (at < 0) continue
      const before = new Set(headersOf(sim, records.slice(0, at)).map(({ epoch }) => epoch))
      one.behind = new Set([...one.behind].filter((epoch) => before.has(epoch)))
    }
  }
}

function headersOf(sim: SimCase, records: readonly Uint8Array<ArrayBuffer>[]): RecordHeader[] {
  return records.flatMap((bytes) => (sim.forged.has(nameOf(bytes)) ? [] : (readHeader(bytes) ?? [])))
}

/** The newest practice key that it had, and that the others know. */
function newestOf({ running, disk }: SimDevice, epochs: readonly (EpochId | null)[]): [EpochId | null, Uint8Array<ArrayBuffer>] {
  const secrets = running()?.store.secrets ?? disk.givenKeys
  for (const epoch of epochs.toReversed()) {
    const secret = secrets?.get(epoch)
    if (secret) return [epoch, secret]
  }
  return [null, disk.foundingKey]
}

/** A record of a newer practice key stands before it, by what somebody knows who has these. */
export function isFenced({ epoch, behind }: Pick<Smuggled, 'epoch' | 'behind'>, epochs: readonly (EpochId | null)[]): boolean {
  const own = epochs.indexOf(epoch)
  return [...behind].some((one) => epochs.indexOf(one) > own)
}

function updateOf(token: string): Uint8Array<ArrayBuffer> {
  const doc = new Y.Doc()
  // Of no device.
  doc.clientID = 7
  doc.getMap('tokens').set(token, true)
  return Uint8Array.from(Y.encodeStateAsUpdateV2(doc))
}
