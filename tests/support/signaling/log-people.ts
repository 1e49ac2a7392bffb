import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { KeyHandle, KeyPair } from '@alcove/shared/crypto/identity'
import { signAccess, verifyAccess } from '@alcove/shared/crypto/log-access'
import { deriveLogKey, memberTagOf, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DeviceKey, type DocumentId, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import type { AccessDevice, AccessList, DeviceTag, LogPosition, RecordHeader, SpaceId } from '@alcove/shared/domain/sealed-log'
import { newPair } from '../crypto-people.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A device that may write, with the keys of its records. */
export type LogDevice = {
  readonly pair: KeyPair
  readonly device: DeviceKey
  readonly tag: DeviceTag
  readonly key: KeyHandle
  readonly member: string
  readonly administrator: boolean
}

/** A practice as its server's space sees it. */
export type LogPractice = {
  readonly space: SpaceId
  /** What the server never has. */
  readonly practiceKey: Bytes
  readonly founder: LogDevice
  /** All statements so far. */
  readonly statements: string[]
  /** A device that is not on the list yet. `member`: another one's tag, for a second device of the same person. */
  newDevice(options?: { member?: string; administrator?: boolean }): Promise<LogDevice>
  /** Signs the next statement, with these on the list, and remembers it. Returns it. */
  allow(devices: readonly LogDevice[], by?: LogDevice): Promise<string>
}

export async function newLogPractice(): Promise<LogPractice> {
  const practiceKey = randomBytes(32)
  const root = asId<EntryHash>(toBase64Url(randomBytes(32)))
  const newDevice: LogPractice['newDevice'] = async ({ member, administrator = false } = {}) => {
    const pair = await newPair()
    const device = asId<DeviceKey>(pair.publicKey)
    return {
      pair,
      device,
      tag: await deviceTagOf(device),
      key: await deriveLogKey(practiceKey, null, device),
      member: member ?? (await memberTagOf(practiceKey, asId<MemberId>(randomId()))),
      administrator,
    }
  }
  const founder = await newDevice({ administrator: true })
  const space = await spaceIdOf(root, founder.device)
  const statements: string[] = []
  const practice: LogPractice = {
    space,
    practiceKey,
    founder,
    statements,
    newDevice,
    async allow(devices, by = founder) {
      const newest = statements.at(-1)
      const before = newest === undefined ? null : await verifyAccess(newest)
      const list: Omit<AccessList, 'by'> = {
        space,
        version: statements.length,
        previous: before?.hash ?? null,
        root: before === null ? root : null,
        devices: devices.map(({ device, member, administrator }): AccessDevice => ({ device, member, administrator })),
      }
      const statement = await signAccess(list, by.pair)
      statements.push(statement)
      return statement
    },
  }
  await practice.allow([founder])
  return practice
}

export const newLogId = (): DocumentId => asId<DocumentId>(randomId())

export type RecordOptions = Partial<Omit<RecordHeader, 'device'>> & { readonly payload?: Bytes }

/** A record as this device would write it; an update unless said otherwise. */
export async function recordBy(space: SpaceId, log: DocumentId, writer: LogDevice, options: RecordOptions = {}): Promise<Bytes> {
  const { payload = randomBytes(40), ...header } = options
  const whole: RecordHeader = { kind: 'update', device: writer.tag, number: 1, epoch: null, seen: new Map(), covers: null, ...header }
  const record = await sealRecord({ space, log }, whole, writer.key, writer.pair, payload)
  if (!record) throw new Error('A record that is too long')
  return record
}

export function snapshotOf(covers: LogPosition, number: number, payload: Bytes = randomBytes(40)): RecordOptions {
  return { kind: 'snapshot', covers, number, payload }
}

export function ackOf(covers: LogPosition, number: number): RecordOptions {
  return { kind: 'ack', covers, number, payload: new Uint8Array(0) }
}
