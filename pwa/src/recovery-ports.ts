/**
 * The doors of the recovery kit: its words, what the practice knows of its kits, and what a device that has nothing yet
 * needs to become one of the practice from the log alone.
 */
import type { DeviceKey, DocumentId, MemberId } from '@alcove/shared/domain/ids'
import type { Result } from '@alcove/shared/domain/result'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { KitContents } from '@alcove/shared/protocol/kit-contents'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import type { KeyPair, SaveError, Stop } from './ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

// --- words ------------------------------------------------------------------------------------------------------------

export const kitWordCount = 12
export const kitLanguages = ['en', 'es'] as const
export type KitLanguage = (typeof kitLanguages)[number]

export type WordsProblem =
  /** `number`: from 1. `suggestion`: the word that was probably meant. */
  | { readonly kind: 'unknown-word'; readonly number: number; readonly word: string; readonly suggestion: string | null }
  | { readonly kind: 'missing-word'; readonly number: number }
  /** Words of the list, and not those of a kit: one is another word than on the page, or two have changed places. */
  | { readonly kind: 'unfit' }
  /** The list could not be fetched. */
  | { readonly kind: 'no-list' }

export type KitWords = {
  /** Twelve words for 16 bytes. Rejects when the list cannot be fetched. */
  write(secret: Bytes, language: KitLanguage): Promise<readonly string[]>
  /** In either language; accents and capitals make no difference, and four letters are enough for a word. */
  read(words: readonly string[]): Promise<Result<Bytes, readonly WordsProblem[]>>
}

// --- the practice's kits ------------------------------------------------------------------------------------------------

export type RecoveryKit = {
  readonly device: DeviceKey
  readonly member: MemberId
  readonly madeAt: number
  /** Epoch ms of the newest successful test; null: never. */
  readonly drilledAt: number | null
  /** What the server keeps for it; null when another device wrote something else there. */
  readonly kept: { readonly locator: string; readonly sealed: Bytes } | null
}

/** One that was revoked, and whose package the server may still keep. */
export type RevokedKit = { readonly device: DeviceKey; readonly member: MemberId; readonly locator: string }

/** `kits`: those that are valid, in order of their making. */
export type KitsState = { readonly me: MemberId; readonly kits: readonly RecoveryKit[]; readonly revoked: readonly RevokedKit[] }

/** A kit that was made and not signed in yet. `secret`: 16 bytes, for the page alone; whoever has shown it wipes it. */
export type KitDraft = {
  readonly secret: Bytes
  readonly device: DeviceKey
  readonly locator: string
  readonly sealed: Bytes
}

export type KitStore = {
  /** Null while there is no practice here. */
  watch(listener: (state: KitsState | null) => void): Stop
  /** Null while there is no practice here, or its key cannot be read. */
  prepare(): Promise<KitDraft | null>
  /** Signs it into the practice as a device of mine. My older kits are revoked in the same entry. */
  keep(draft: KitDraft): Promise<Result<void, SaveError>>
  noteDrill(device: DeviceKey): Promise<Result<void, SaveError>>
  /** The server keeps nothing for these any more. */
  noteGone(devices: readonly DeviceKey[]): Promise<Result<void, SaveError>>
  /** What came out of a document's log, against what is here. */
  compare(document: DocumentId, updates: readonly Bytes[]): Promise<Comparison>
  /** Documents that are here. */
  documents(): Promise<readonly DocumentId[]>
}

export type Comparison = {
  readonly holds: 'practice' | 'patients' | 'appointments'
  /** Entities. Of the practice document: its members. */
  readonly here: number
  readonly there: number
  /** Something is here that is not there. */
  readonly behind: boolean
}

// --- restoring ------------------------------------------------------------------------------------------------------------

/** What the ids of a practice's logs are, and the kit's own key; null for contents that do not fit together. */
export type KitPlace = {
  readonly space: SpaceId
  readonly chainLog: DocumentId
  readonly practiceDocument: DocumentId
  readonly device: KeyPair
}

export type RestoreStore = {
  place(contents: KitContents): Promise<KitPlace | null>
  /** What the practice document says, from its log. Null when it is none. */
  read(updates: readonly Bytes[]): PracticePicture | null
  /** PKCS#8 of a room's key that was sealed to this device there; base64url. */
  room(updates: readonly Bytes[], roomKey: string, device: KeyPair): Promise<string | null>
  /** As in PairingStore. */
  newDevice(): Promise<KeyPair>
  forgetDevice(device: KeyPair): void
  adopt(welcome: WelcomeContents, device: KeyPair): Promise<Result<void, SaveError>>
}

export type PracticePicture = {
  readonly name: string
  /** One update (V2) with all of it. */
  readonly whole: Bytes
}
