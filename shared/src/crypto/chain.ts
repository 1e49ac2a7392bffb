import type { DeviceKey, EntryHash, EpochId } from '../domain/ids.ts'
import type { Result } from '../domain/result.ts'
import { err } from '../domain/result.ts'
import type { ChainEntry, Operation, Roll, SealedKey } from '../domain/practice-chain.ts'
import { sharedEpochs } from '../domain/practice-roll.ts'
import { decode } from '../protocol/decode.ts'
import { entryContents, maxEntryLength, type MinimumEpochContents, minimumEpochContents } from '../protocol/sync-messages.ts'
import { type Bytes, fromBase64Url, fromUtf8, hashText, randomBytes, toBase64Url, utf8 } from './bytes.ts'
import { hpkeOpen, hpkeSeal } from './hpke.ts'
import type { KeyPair } from './identity.ts'
import { hkdf } from './mac.ts'
import { type SignedError, sign, signText, verify, verifyText } from './signed.ts'

/** `by` becomes the signing device. Throws for an entry that nobody would take: too long, or of another shape. */
export async function signEntry(
  { parents, at, operations }: Pick<ChainEntry, 'parents' | 'at' | 'operations'>,
  device: KeyPair,
): Promise<{ readonly signed: string; readonly hash: EntryHash }> {
  const contents = { parents: [...parents].sort(), by: device.publicKey, at, operations }
  const signed = await sign('chain', contents, device)
  if (signed.length > maxEntryLength || !decode(entryContents, JSON.stringify(contents), maxEntryLength).ok) {
    throw new TypeError('Not an entry for the chain')
  }
  return { signed, hash: await hashOf(signed) }
}

/** Signed by the device that it names, over exactly these characters. Null for anything else; never throws. */
export async function verifyEntry(signed: string): Promise<ChainEntry | null> {
  if (signed.length > maxEntryLength) return null
  const payload = fromBase64Url(signed.slice(0, Math.max(signed.indexOf('.'), 0)))
  const claimed = decode(entryContents, (payload && fromUtf8(payload)) ?? '', maxEntryLength)
  if (!claimed.ok) return null
  const verified = await verify('chain', entryContents, signed, claimed.value.by, maxEntryLength)
  return verified.ok ? { hash: await hashOf(signed), ...verified.value } : null
}

/** An entry's name: base64url(SHA-256(its characters)). */
async function hashOf(signed: string): Promise<EntryHash> {
  return (await hashText(signed)) as EntryHash
}

/** A new practice key, 32 bytes, and the name that follows from it. */
export async function generateEpoch(): Promise<{ readonly epoch: EpochId; readonly key: Bytes }> {
  const key = randomBytes(32)
  return { epoch: await epochIdOf(key), key }
}

/** 128 bits that tell whether a key is the one of an epoch, so that nobody can pass on another for it. */
export async function epochIdOf(key: Bytes): Promise<EpochId> {
  return toBase64Url(await hkdf(key, 'alcove/epoch/1', 16)) as EpochId
}

/** Of the practice with this founding entry. */
export type EpochPlace = { readonly root: EntryHash; readonly epoch: EpochId }

/** The key sealed to each device (HPKE). Throws when a device's key is none. */
export function sealEpochKey(key: Bytes, place: EpochPlace, devices: readonly DeviceKey[]): Promise<readonly SealedKey[]> {
  return Promise.all(
    devices.map(async (device) => {
      const sealed = await hpkeSeal(device, epochInfo(place), utf8(device), key)
      if (!sealed) throw new TypeError('Not the key of a device')
      return { device, sealed: toBase64Url(sealed) }
    }),
  )
}

/** For a device that is let in: the practice keys that it should have, as far as they are known here. */
export async function sharesFor(
  roll: Pick<Roll, 'epochs'>,
  keys: ReadonlyMap<EpochId | null, Bytes>,
  root: EntryHash,
  device: DeviceKey,
): Promise<readonly Operation[]> {
  const operations: Operation[] = []
  for (const [epoch] of sharedEpochs(roll)) {
    const key = keys.get(epoch)
    if (key) operations.push({ type: 'share-key', epoch, keys: await sealEpochKey(key, { root, epoch }, [device]) })
  }
  return operations
}

/** Null when it was sealed to another device, for another practice or epoch, or is not the key of this epoch. Never throws. */
export async function openEpochKey(sealed: string, place: EpochPlace, device: KeyPair): Promise<Bytes | null> {
  const bytes = fromBase64Url(sealed)
  const key = bytes && (await hpkeOpen(device, epochInfo(place), utf8(device.publicKey), bytes))
  return key?.length === 32 && (await epochIdOf(key)) === place.epoch ? key : null
}

function epochInfo({ root, epoch }: EpochPlace): Bytes {
  return utf8(`alcove/epoch-key/1\n${root}\n${epoch}`)
}

/**
 * What a device signs to show a channel's other end who it is: fresh for each connection (nonces), and only for the one
 * whose DTLS certificates both see, so that nobody in between can pass it on.
 */
export type ProofFields = {
  /** Of the `hello` messages. */
  readonly nonces: { readonly mine: string; readonly theirs: string }
  readonly devices: { readonly mine: DeviceKey; readonly theirs: DeviceKey }
  /** SHA-256 fingerprints as in SDP. */
  readonly fingerprints: { readonly mine: string; readonly theirs: string }
}

/** Domain `alcove/sync-proof/1`. */
export function proofText({ nonces, devices, fingerprints }: ProofFields): string {
  return [nonces.mine, nonces.theirs, devices.mine, devices.theirs, fingerprints.mine, fingerprints.theirs].join('\n')
}

export function signProof(fields: ProofFields, device: KeyPair): Promise<string> {
  return signText('sync-proof', proofText(fields), device)
}

/** `fields` as this side sees them: what is theirs here was mine there. Never throws. */
export function verifyProof({ nonces, devices, fingerprints }: ProofFields, signature: string): Promise<boolean> {
  const swap = <T>({ mine, theirs }: { readonly mine: T; readonly theirs: T }) => ({ mine: theirs, theirs: mine })
  const text = proofText({ nonces: swap(nonces), devices: swap(devices), fingerprints: swap(fingerprints) })
  return verifyText('sync-proof', text, signature, devices.theirs)
}

/** Certificates of the room of a lower epoch are void once the server has this. Signed by the room key. */
export function issueMinimumEpoch(roomPair: KeyPair, { room, epoch }: MinimumEpochContents): Promise<string> {
  return sign('minimum-epoch', { room, epoch } satisfies MinimumEpochContents, roomPair)
}

/** `roomKey`: 65 bytes, base64url; the caller knows that it is the room's. */
export async function verifyMinimumEpoch(
  signed: string,
  { room, roomKey }: { readonly room: MinimumEpochContents['room']; readonly roomKey: string },
): Promise<Result<MinimumEpochContents, SignedError | 'other-room'>> {
  const verified = await verify('minimum-epoch', minimumEpochContents, signed, roomKey)
  return verified.ok && verified.value.room !== room ? err('other-room') : verified
}
