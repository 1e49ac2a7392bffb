import { fromBase64Url, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { sharesFor, signEntry } from '@alcove/shared/crypto/chain'
import { signAccess, verifyAccess } from '@alcove/shared/crypto/log-access'
import { memberTagOf } from '@alcove/shared/crypto/log-keys'
import { sealRecord } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { LogStand } from '@alcove/shared/domain/log-reading'
import { isAdministrator } from '@alcove/shared/domain/practice-rules'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import { foremostHeads } from '@alcove/shared/domain/practice-roll'
import { err, ok } from '@alcove/shared/domain/result'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import { maxParents } from '@alcove/shared/protocol/sync-messages'
import { failureOf, type KitLine } from './kit-line.ts'
import type { KitPractice, OpenKit } from './kit-session.ts'
import { readChain } from './read-log.ts'
import type { KitFailure } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>

const maxTries = 5

/** The entry by which the kit lets a new device in as one more of its member's. Also in the book from now on. */
export async function signIn(
  { contents, place }: OpenKit,
  { book }: KitPractice,
  device: DeviceKey,
  label: string,
  at: number,
): Promise<string | null> {
  const roll = book.history()?.roll
  if (!roll) return null
  const operations: Operation[] = [
    { type: 'add-device', device, member: contents.member, label: label.slice(0, 80) },
    ...(await sharesFor(roll, book.keys(), contents.root, device)),
  ]
  const parents = foremostHeads(roll, maxParents)
  const { signed } = await signEntry({ parents, at: Math.max(0, Math.floor(at)), operations }, place.device)
  await book.add([signed])
  return signed
}

/** The entry into the chain's log, as the kit's own record, behind whatever others write meanwhile. */
export async function appendEntry(line: KitLine, kit: OpenKit, practice: KitPractice, entry: string): Promise<KitFailure | null> {
  const { place, tag } = kit
  const at = { space: place.space, log: place.chainLog }
  let stand = practice.chain
  for (let tries = 0; tries < maxTries; tries++) {
    const record = await recordOf(kit, practice, stand, utf8(JSON.stringify([entry])))
    if (!record) return 'incomplete'
    const reply = await line.ask({ type: 'append', log: place.chainLog }, record)
    if (reply.ok) return null
    if (reply.error.code !== 'wrong-number') return failureOf(reply.error)
    // Another device that was restored by the same kit.
    const again = await readChain(line, practice.book, at, tag, kit.contents.foundingDevice)
    if (!again.ok) return again.error
    stand = again.value
  }
  return 'server-failed'
}

async function recordOf({ contents, place, tag }: OpenKit, { book }: KitPractice, stand: LogStand, payload: Bytes): Promise<Bytes | null> {
  const epoch = book.history()?.roll.epoch?.id ?? null
  const key = await book.writers.contentKey(epoch, contents.foundingDevice)
  if (!key) return null
  const seen = new Map(stand.seen)
  seen.delete(tag)
  const header = { kind: 'update', device: tag, number: numberAfter(stand, tag), epoch, seen, covers: null } as const
  return sealRecord({ space: place.space, log: place.chainLog }, header, key, place.device, payload)
}

function numberAfter({ seen }: LogStand, tag: DeviceTag): number {
  return (seen.get(tag) ?? 0) + 1
}

/** The new device onto the server's list, beside the others of its member. */
export async function letIn(
  line: KitLine,
  { contents, place }: OpenKit,
  device: DeviceKey,
  practice: KitPractice,
): Promise<KitFailure | null> {
  let from = practice.version
  for (let tries = 0; tries < maxTries; tries++) {
    const newest = await newestList(line, from)
    if (!newest.ok) return newest.error
    const { list, hash } = newest.value
    if (list.devices.some((one) => one.device === device)) return null
    const founding = fromBase64Url(contents.foundingKey)
    if (!founding) return 'broken-kit'
    const member = await memberTagOf(founding, contents.member)
    founding.fill(0)
    const mine = list.devices.find((one) => one.device === place.device.publicKey)
    const roll = practice.book.history()?.roll
    const administrator = mine?.administrator ?? isAdministrator(roll?.members.get(contents.member))
    const devices = [...list.devices, { device, member, administrator }]
    const next = { space: place.space, version: list.version + 1, previous: hash, root: null, devices }
    const reply = await line.ask({ type: 'access', statements: [await signAccess(next, place.device)], enrolment: null })
    if (reply.ok) return null
    if (reply.error.code !== 'access-refused') return failureOf(reply.error)
    // Somebody else was faster: theirs comes first.
    from = list.version
  }
  return 'server-failed'
}

async function newestList(line: KitLine, from: number) {
  for (let at = from; ; ) {
    const reply = await line.ask({ type: 'get-access', from: at })
    if (!reply.ok) return err(failureOf(reply.error))
    const { message } = reply.value
    const newest = message.type === 'access' ? await verifyAccess(message.statements.at(-1) ?? '') : null
    if (message.type !== 'access' || !newest) return err('incomplete' as const)
    if (newest.list.version >= message.version) return ok(newest)
    at = newest.list.version + 1
  }
}

/** All practice keys but the founding one, as a welcome has them. */
export function epochKeysOf({ book }: KitPractice) {
  return [...book.keys()].flatMap(([epoch, key]) => (epoch === null ? [] : [{ epoch, key: toBase64Url(key) }]))
}
