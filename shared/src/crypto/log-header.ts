import type { EpochId } from '../domain/ids.ts'
import { type DeviceTag, type LogHash, type RecordHeader, type RecordKind, recordKinds } from '../domain/sealed-log.ts'
import { type Bytes, concat, fromBase64Url, toBase64Url } from './bytes.ts'

/** The first bytes of a record, which everybody reads. Every header has exactly one form (docs/PROTOCOL.md). */
const version = 1
const epochFlag = 0x10
const tagLength = 16
const hashLength = 32
/** Devices that a header may name. */
export const maxSeen = 1024

/** Throws for a header that has no form: ids of other lengths, counts that are none. */
export function encodeHeader({ kind, device, number, epoch, seen, covers }: RecordHeader): Bytes {
  if (number < 1 || seen.size > maxSeen || seen.has(device) || (kind === 'update') !== (covers === null))
    throw new TypeError('Not a header')
  const devices = [...seen]
    .map(([tag, newest]) => ({ tag: fixed(tag, tagLength), newest }))
    .sort((one, other) => compare(one.tag, other.tag))
  return concat(
    new Uint8Array([version, recordKinds.indexOf(kind) | (epoch === null ? 0 : epochFlag)]),
    fixed(device, tagLength),
    varint(number),
    epoch === null ? new Uint8Array(0) : fixed(epoch, tagLength),
    varint(devices.length),
    ...devices.flatMap(({ tag, newest }) => [tag, varint(positive(newest))]),
    ...(covers === null ? [] : [varint(positive(covers.sequence)), fixed(covers.hash, hashLength)]),
  )
}

/** `length`: where it ends. Null for anything that `encodeHeader` does not make. Never throws. */
export function decodeHeader(record: Bytes): { readonly header: RecordHeader; readonly length: number } | null {
  const flags = record[1] ?? 0xff
  const kind: RecordKind | undefined = recordKinds[flags & ~epochFlag]
  if (record[0] !== version || kind === undefined) return null
  let at = 2
  let isGood = true
  const take = (length: number): string => {
    isGood &&= at + length <= record.length
    at += length
    return isGood ? toBase64Url(record.slice(at - length, at)) : ''
  }
  const count = (least: number): number => {
    const read = isGood ? readVarint(record, at) : null
    isGood &&= read !== null && read.value >= least
    at = read?.end ?? at
    return read?.value ?? 0
  }
  const device = take(tagLength) as DeviceTag
  const number = count(1)
  const epoch = flags & epochFlag ? (take(tagLength) as EpochId) : null
  const seen = new Map<DeviceTag, number>()
  const devices = count(0)
  isGood &&= devices <= maxSeen
  for (let i = 0, before: Bytes = new Uint8Array(0); isGood && i < devices; i++) {
    const bytes = record.subarray(at, at + tagLength)
    const tag = take(tagLength) as DeviceTag
    isGood &&= compare(before, bytes) < 0 && tag !== device
    seen.set(tag, count(1))
    before = bytes
  }
  const covers = kind === 'update' ? null : { sequence: count(1), hash: take(hashLength) as LogHash }
  return isGood ? { header: { kind, device, number, epoch, seen, covers }, length: at } : null
}

function fixed(text: string, length: number): Bytes {
  const bytes = fromBase64Url(text)
  if (bytes?.length !== length) throw new TypeError('Not an id of this kind')
  return bytes
}

function positive(count: number): number {
  if (count < 1) throw new TypeError('Not a count from 1')
  return count
}

function compare(one: Bytes, other: Bytes): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

/** Unsigned LEB128 in its shortest form, up to 2^53 - 1. Throws for anything else. */
export function varint(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError('Not a count')
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return new Uint8Array([...bytes, rest])
}

/** `end`: behind it. Null for a longer form than needed, a greater number, or too few bytes. */
export function readVarint(bytes: Bytes, at: number): { readonly value: number; readonly end: number } | null {
  let value = 0
  for (let i = 0, scale = 1; i < 8; i++, scale *= 0x80) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value += (byte & 0x7f) * scale
    if (byte > 0x7f) continue
    return (byte === 0 && i > 0) || !Number.isSafeInteger(value) ? null : { value, end: at + i + 1 }
  }
  return null
}
