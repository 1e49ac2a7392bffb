import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogHash, RecordHash, SpaceId } from '@alcove/shared/domain/sealed-log'
import { branded, deviceKey, hash, instant, logHash, token } from '@alcove/shared/protocol/fields'
import * as v from '@alcove/shared/protocol/schema'
import type { KeptKit, LogWrite, StoredKit, StoredLog, StoredRecord } from './log-store.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Keys and values of the database. Spaces, logs and locators have a fixed length in an alphabet without `!`. */
const counted = (count: number) => count.toString(16).padStart(14, '0')

export const keys = {
  space: (space: SpaceId) => `space!${space}`,
  statement: (space: SpaceId, version: number) => `access!${space}!${counted(version)}`,
  log: (space: SpaceId, log: DocumentId) => `log!${space}!${log}`,
  record: (space: SpaceId, log: DocumentId, sequence: number) => `record!${space}!${log}!${counted(sequence)}`,
  kit: (locator: string) => `kit!${locator}`,
  kitOf: (space: SpaceId, locator: string) => `kit-of!${space}!${locator}`,
}

/** Everything that begins with this and a `!`. */
export function under(prefix: string): { readonly gt: string; readonly lt: string } {
  return { gt: `${prefix}!`, lt: `${prefix}"` }
}

export const lastPart = (key: string): string => key.slice(key.lastIndexOf('!') + 1)

export type Row = { readonly type: 'put'; readonly key: string; readonly value: Bytes } | { readonly type: 'del'; readonly key: string }

export function rowsOf(write: LogWrite): Row[] {
  switch (write.type) {
    case 'statement': {
      const { space, version, statement, total } = write
      return [put(keys.statement(space, version), toUtf8(statement)), put(keys.space(space), json({ version, bytes: total }))]
    }
    case 'record':
      return [put(keys.record(write.space, write.log, write.sequence), recordToBytes(write.record))]
    case 'log':
      return [put(keys.log(write.space, write.log), logToBytes(write.state))]
    case 'prune': {
      const rows: Row[] = []
      for (let at = write.first; at <= write.last; at++) rows.push({ type: 'del', key: keys.record(write.space, write.log, at) })
      return rows
    }
    case 'kit': {
      const { space, device, bytes } = write.kit
      const kept: KeptKit = { device, size: bytes.length }
      return [put(keys.kitOf(space, write.locator), json(kept)), put(keys.kit(write.locator), kitToBytes(write.kit))]
    }
    case 'no-kit':
      return [
        { type: 'del', key: keys.kitOf(write.space, write.locator) },
        { type: 'del', key: keys.kit(write.locator) },
      ]
  }
}

function put(key: string, value: Bytes): Row {
  return { type: 'put', key, value }
}

// --- values ---------------------------------------------------------------------------------------------------------------

const tag = branded<DeviceTag>(token(22))
const position = v.strictObject({ sequence: instant, hash: logHash })
const measured = v.strictObject({ sequence: instant, hash: logHash, total: instant })

const spaceRow = v.strictObject({ version: instant, bytes: instant })
const kitRow = v.strictObject({ device: deviceKey, size: instant })
const logRow = v.strictObject({
  tick: instant,
  end: position,
  total: instant,
  base: measured,
  writers: v.array(
    v.strictTuple([tag, v.strictObject({ number: instant, record: branded<RecordHash>(hash), at: position, tick: instant })]),
  ),
  snapshots: v.array(v.strictObject({ sequence: instant, covers: measured, by: tag, writtenAt: instant, confirmed: v.boolean() })),
})

export const spaceFrom = (bytes: Bytes) => read(spaceRow, bytes)
export const keptKitFrom = (bytes: Bytes): KeptKit => read(kitRow, bytes)

export function logFrom(bytes: Bytes): StoredLog {
  const row = read(logRow, bytes)
  return { ...row, writers: new Map(row.writers) }
}

function logToBytes(state: StoredLog): Bytes {
  return json({ ...state, writers: [...state.writers] })
}

/** Running hash (32 bytes), total (8, big-endian), the record. */
function recordToBytes({ hash, total, bytes }: StoredRecord): Bytes {
  const row = new Uint8Array(40 + bytes.length)
  row.set(Buffer.from(hash, 'base64url'))
  new DataView(row.buffer).setBigUint64(32, BigInt(total))
  row.set(bytes, 40)
  return row
}

export function recordFrom(row: Bytes): StoredRecord {
  if (row.length < 40) throw damaged()
  const total = Number(new DataView(row.buffer, row.byteOffset).getBigUint64(32))
  return { hash: Buffer.from(row.subarray(0, 32)).toString('base64url') as LogHash, total, bytes: behind(row, 40) }
}

/** Space (43 characters), device (87), the kit. */
function kitToBytes({ space, device, bytes }: StoredKit): Bytes {
  const head = toUtf8(`${space}${device}`)
  const row = new Uint8Array(head.length + bytes.length)
  row.set(head)
  row.set(bytes, head.length)
  return row
}

export function kitFrom(row: Bytes): StoredKit {
  const head = textFrom(row.subarray(0, 130))
  return { space: head.slice(0, 43) as SpaceId, device: head.slice(43) as DeviceKey, bytes: behind(row, 130) }
}

/** What the database gives is a Buffer, whose `slice` is none. */
function behind(row: Bytes, at: number): Bytes {
  return new Uint8Array(row.buffer, row.byteOffset + at, row.length - at)
}

export function textFrom(bytes: Bytes): string {
  return Buffer.from(bytes).toString('utf8')
}

function toUtf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

function json(value: object): Bytes {
  return toUtf8(JSON.stringify(value))
}

function read<T>(schema: v.GenericSchema<unknown, T>, bytes: Bytes): T {
  const parsed = v.safeParse(schema, JSON.parse(textFrom(bytes)))
  if (!parsed.success) throw damaged()
  return parsed.output
}

function damaged(): Error {
  return new Error('A row of the sealed log is damaged')
}
