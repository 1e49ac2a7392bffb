import { readFileSync } from 'node:fs'
import { epochIdOf, openEpochKey, verifyEntry } from '@alcove/shared/crypto/chain'
import { openBatches } from '@alcove/shared/crypto/handover'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import {
  createWelcomeReader,
  deriveInvitationKeys,
  openPairing,
  type PairingTranscript,
  pairingCode,
  pairingCommitment,
  parseInvitation,
} from '@alcove/shared/crypto/invitation'
import { deriveHandoverKeys, deriveSyncKeys, openHandover } from '@alcove/shared/crypto/practice-keys'
import type { DeviceKey, EntryHash, EpochId } from '@alcove/shared/domain/ids'
import { historyOf, sealedTo } from '@alcove/shared/domain/practice-roll'
import { operation, pairingMessage } from '@alcove/shared/protocol/sync-messages'
import { describe, expect, it } from 'vitest'
import { bytesOf, unwrap } from '../../../support/crypto-people.ts'
import { examplesIn, type SchemaName } from '../../../support/wire-examples.ts'

type Place = { readonly topic: string; readonly password: string }
type Keys = Readonly<
  Record<'administratorSecret' | 'clinicianSecret' | 'phoneSecret' | 'foundingKey' | 'epochKey' | 'handoverTopic', string> &
    Record<'have' | 'link' | 'code' | 'knock', string>
> & {
  readonly root: EntryHash
  readonly epoch: EpochId
  readonly founding: Place
  readonly later: Place
  readonly entries: readonly string[]
}

const markdown = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const keys: Keys = JSON.parse(/^```json practice-keys\n([\s\S]*?)^```$/m.exec(markdown)?.[1] ?? '')
const all = (schema: SchemaName) => examplesIn(markdown).flatMap((one) => (one.schema === schema ? [JSON.parse(one.text)] : []))
const only = (schema: SchemaName, type: string) => all(schema).find((one) => one.type === type)
const pairs = await Promise.all([keys.administratorSecret, keys.clinicianSecret, keys.phoneSecret].map((s) => importKeyPair(bytesOf(s))))
const [administrator, clinician, phone] = pairs
if (!administrator || !clinician || !phone) throw new Error('keys are missing')
const entries = (await Promise.all(keys.entries.map(verifyEntry))).flatMap((entry) => entry ?? [])

describe('the practice in the appendix', () => {
  it('has an example of every operation', () => {
    const shown = all('chain-entry').flatMap(({ operations }) => operations.map((one: { type: string }) => one.type))
    expect([...new Set(shown)].sort()).toEqual(operation.options.map(({ entries: { type } }) => type.literal).sort())
  })

  it('has an example of everything that is said during an invitation', () => {
    const said = new Set(all('pairing').map(({ type }) => type))
    expect([...said].sort()).toEqual(pairingMessage.options.map(({ entries: { type } }) => type.literal).sort())
  })

  it('has entries that verify, the first three being the examples', () => {
    expect(entries).toHaveLength(4)
    const contents = entries.map(({ hash: _, ...rest }) => rest)
    expect(contents.slice(0, 3)).toEqual(all('chain-entry').slice(0, 3))
    expect(entries[0]?.hash).toBe(keys.root)
  })

  it('comes to a roll without the phone, and without what the phone signed later', () => {
    const { roll } = historyOf(entries, keys.root) ?? {}
    expect([...(roll?.members.values() ?? [])].map(({ name }) => name)).toEqual(['Dr. Rivera', 'Dr. Okafor'])
    expect([...(roll?.devices.keys() ?? [])]).toEqual([administrator.publicKey, clinician.publicKey])
    expect([...(roll?.removedDevices.keys() ?? [])]).toEqual([phone.publicKey])
    expect(roll?.refusals).toMatchObject([{ by: phone.publicKey, operation: 'rename-member', reason: 'unknown-author' }])
    expect(roll?.epoch?.id).toBe(keys.epoch)
  })

  it('has keys and topics that follow from each other', async () => {
    const [founding, later] = [bytesOf(keys.foundingKey), bytesOf(keys.epochKey)]
    expect(await deriveSyncKeys(founding, null)).toEqual(keys.founding)
    expect(await epochIdOf(later)).toBe(keys.epoch)
    expect(await deriveSyncKeys(later, keys.epoch)).toEqual(keys.later)
    expect((await deriveHandoverKeys(founding)).topic).toBe(keys.handoverTopic)
    const [sealed] = sealedTo(entries, administrator.publicKey as DeviceKey)
    expect(await openEpochKey(sealed?.sealed ?? '', { root: keys.root, epoch: keys.epoch }, administrator)).toEqual(later)
    expect(sealedTo(entries, phone.publicKey as DeviceKey)).toEqual([])
  })

  it('has a handover that opens, up to the removal for the phone as well', async () => {
    const handoverKeys = await deriveHandoverKeys(bytesOf(keys.foundingKey))
    expect(await openHandover(handoverKeys, keys.have)).toEqual(only('handover', 'have'))
    const { batches } = only('handover', 'entries')
    const keyOf = (epoch: EpochId | null) => (epoch === null ? bytesOf(keys.foundingKey) : undefined)
    expect((await openBatches(batches, { root: keys.root, device: administrator, keyOf })).length).toBeGreaterThan(0)
    expect(await openBatches(batches, { root: keys.root, device: phone, keyOf })).toContain(keys.entries[2])
  })

  it('has an invitation whose link, code and welcome hold', async () => {
    const { secret } = unwrap(await parseInvitation(keys.link))
    const [greeting, reveal] = [only('pairing', 'greeting'), only('pairing', 'reveal')]
    expect(await openPairing(await deriveInvitationKeys(secret), keys.knock)).toEqual(only('pairing', 'knock'))
    expect(await pairingCommitment(reveal.device, reveal.nonce)).toBe(only('pairing', 'knock').commitment)
    const { kind, practice, member } = greeting
    const ends = { inviter: greeting.device, inviterNonce: greeting.nonce, joiner: reveal.device, joinerNonce: reveal.nonce }
    const transcript: PairingTranscript = { ...ends, kind, practice, member }
    expect(await pairingCode(secret, transcript)).toBe(keys.code)
    const reader = await createWelcomeReader(transcript, clinician)
    expect(await reader?.take(only('pairing', 'welcome'))).toBe(true)
    expect(reader?.contents()).toEqual(all('welcome')[0])
    expect(all('welcome')[0].entries).toEqual(keys.entries.slice(0, 2))
  })
})
