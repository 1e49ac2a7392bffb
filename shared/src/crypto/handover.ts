import type { DeviceKey, EntryHash, EpochId } from '../domain/ids.ts'
import { type History, isKeyPrivate, lackedBy, sealedTo } from '../domain/practice-roll.ts'
import type { HandoverMessage } from '../protocol/sync-messages.ts'
import type { Bytes } from './bytes.ts'
import { openEpochKey, sealEpochKey, verifyEntry } from './chain.ts'
import type { KeyPair } from './identity.ts'
import { deriveBatchKey, type HandoverKeys, maxHandoverBytes, openBatch, sealBatch, sealHandover } from './practice-keys.ts'

/** `epoch`: the newest key that it has. */
type Have = { readonly device: DeviceKey; readonly epoch: EpochId | null; readonly heads: readonly EntryHash[] }
type Batch = Extract<HandoverMessage, { type: 'entries' }>['batches'][number]

/** What the answering device has. */
export type HandoverSource = {
  readonly root: EntryHash
  readonly history: History
  /** An entry's characters. */
  readonly signedOf: (hash: EntryHash) => string | undefined
  /** A practice key; null for the founding one. */
  readonly keyOf: (epoch: EpochId | null) => Bytes | undefined
}

/** Of a batch's JSON: sealed, in base64url, inside a message, the longest entry still fits into a frame. */
const maxBatchBytes = 33 * 1024
const maxBatches = 64
const maxEntries = 500
/** Of a batch without its entries, and of the message around the batches. */
const overheadBytes = 300

/**
 * What the asking device lacks, as much as one frame takes, sealed so that a removed device reads what led to its removal and
 * nothing after. The asker asks again with its new heads until nothing comes. Null when there is nothing to give.
 */
export async function answerHandover(source: HandoverSource, handoverKeys: HandoverKeys, have: Have): Promise<string | null> {
  const { roll, epochs } = source.history
  const lacking = new Set(lackedBy(source.history, have.heads))
  const batches: Batch[] = []
  let room = maxHandoverBytes - overheadBytes
  for (const { epoch, holders, entries } of epochs) {
    const wanted = entries.filter((entry) => lacking.has(entry)).flatMap(({ hash }) => source.signedOf(hash) ?? [])
    if (wanted.length === 0) continue
    const isCurrent = roll.devices.has(have.device)
    const fitting = firstThatFit(wanted, Math.min(maxBatchBytes, Math.floor(((room - overheadBytes) * 3) / 4)))
    const mayRead = isCurrent || epoch === null || holders.has(have.device)
    const recipient = isCurrent ? have.device : null
    const batch = mayRead && fitting.length > 0 ? await makeBatch(source, keyFor(source, epoch, recipient), fitting, recipient) : null
    if (!batch) break
    batches.push(batch)
    room -= JSON.stringify(batch).length + 1
    // What comes later needs what comes earlier.
    if (fitting.length < wanted.length || batches.length === maxBatches) break
  }
  const missed = batches.length === 0 && lacking.size === 0 ? await keyAlone(source, have) : null
  if (missed) batches.push(missed)
  return batches.length > 0 ? sealHandover(handoverKeys, { type: 'entries', batches }) : null
}

/** Where the answering device was never given the key that belongs there, a device of the practice gets them under the newest one. */
function keyFor({ history: { roll }, keyOf }: HandoverSource, epoch: EpochId | null, recipient: DeviceKey | null): EpochId | null {
  const newest = roll.epoch?.id ?? null
  return recipient !== null && newest !== null && !keyOf(epoch) && isKeyPrivate(roll, newest) ? newest : epoch
}

/** For a device that knows of the newest key and cannot open what was sealed to it as such. */
async function keyAlone(source: HandoverSource, { device, epoch: held }: Have): Promise<Batch | null> {
  const { epoch, devices } = source.history.roll
  return epoch === null || epoch.id === held || !devices.has(device) ? null : makeBatch(source, epoch.id, [], device)
}

function firstThatFit(entries: readonly string[], bytes: number): readonly string[] {
  const fitting: string[] = []
  let left = bytes - 2
  for (const entry of entries.slice(0, maxEntries)) {
    left -= entry.length + 3
    if (left < 0) break
    fitting.push(entry)
  }
  return fitting
}

/** `recipient` gets the key of the epoch as well: it may have come into the practice while that key was made. */
async function makeBatch(
  { root, keyOf }: HandoverSource,
  epoch: EpochId | null,
  entries: readonly string[],
  recipient: DeviceKey | null,
): Promise<Batch | null> {
  const key = keyOf(epoch)
  if (!key) return null
  const sealed = await sealBatch(await deriveBatchKey(key, epoch), epoch, entries)
  if (epoch === null || recipient === null) return { epoch, key: null, sealed }
  const [own] = await sealEpochKey(key, { root, epoch }, [recipient])
  return { epoch, key: own?.sealed ?? null, sealed }
}

/** The entries that this device can open, verified, in order. Keys that they hold for it open the batches after them. Never throws. */
export async function openBatches(
  batches: readonly Batch[],
  { root, device, keyOf }: Pick<HandoverSource, 'root' | 'keyOf'> & { readonly device: KeyPair },
): Promise<readonly string[]> {
  const found = new Map<EpochId, Bytes>()
  const opened: string[] = []
  const note = async (epoch: EpochId, sealed: string) => {
    if (found.has(epoch)) return
    const key = await openEpochKey(sealed, { root, epoch }, device)
    if (key) found.set(epoch, key)
  }
  for (const { epoch, key: own, sealed } of batches) {
    if (epoch !== null && own !== null) await note(epoch, own)
    const key = keyOf(epoch) ?? (epoch === null ? undefined : found.get(epoch))
    const entries = key && (await openBatch(await deriveBatchKey(key, epoch), epoch, sealed))
    if (!entries) break
    for (const signed of entries) {
      const entry = await verifyEntry(signed)
      if (!entry) continue
      opened.push(signed)
      for (const one of sealedTo([entry], device.publicKey as DeviceKey)) await note(one.epoch, one.sealed)
    }
  }
  return opened
}
