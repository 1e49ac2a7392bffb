import { randomBytes, randomId, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import {
  createWelcomeReader,
  deriveInvitationKeys,
  formatInvitation,
  generateInvitation,
  openPairing,
  type PairingTranscript,
  pairingCode,
  pairingCommitment,
  parseInvitation,
  sealPairing,
  sealWelcome,
} from '@alcove/shared/crypto/invitation'
import { asId, type DeviceKey, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { describe, expect, it } from 'vitest'
import { newPair, noon } from '../../../support/crypto-people.ts'

const origin = 'https://clinic.example'

function transcriptOf(inviter: KeyPair, joiner: KeyPair): PairingTranscript {
  return {
    inviter: asId<DeviceKey>(inviter.publicKey),
    inviterNonce: randomId(),
    joiner: asId<DeviceKey>(joiner.publicKey),
    joinerNonce: randomId(),
    kind: 'colleague',
    practice: 'Willow Practice',
    member: 'Kofi Mensah',
  }
}

function welcome(documentLength: number): WelcomeContents {
  return {
    member: asId<MemberId>(randomId()),
    root: asId<EntryHash>(toBase64Url(randomBytes(32))),
    entries: [],
    foundingKey: toBase64Url(randomBytes(32)),
    epochKeys: [],
    room: null,
    practiceDocument: toBase64Url(randomBytes(1)).repeat(documentLength),
  }
}

describe('the link of an invitation', () => {
  it('carries the secret and the expiry in the fragment alone, and comes back whole', async () => {
    const invitation = generateInvitation(noon + 1)
    const link = await formatInvitation(origin, invitation)
    expect(link).toMatch(/^https:\/\/clinic\.example\/join-practice#1\.[\w-]{22}\.[0-9a-z]+\.[0-9A-Za-z]{6}$/)
    expect(await parseInvitation(link)).toEqual({ ok: true, value: invitation })
    expect(await parseInvitation(new URL(link).hash)).toEqual({ ok: true, value: invitation })
    expect(invitation.expiresAt).toBe(noon + 60_000)
  })

  it('tells a cut-off or changed link from none and from a newer one', async () => {
    const link = await formatInvitation(origin, generateInvitation(noon))
    const { hash } = new URL(link)
    for (let length = 2; length < hash.length; length++) {
      expect(await parseInvitation(hash.slice(0, length))).toEqual({ ok: false, error: 'broken-link' })
    }
    expect(await parseInvitation(hash.replace('1.', '2.'))).toEqual({ ok: false, error: 'broken-link' })
    expect(await parseInvitation('')).toEqual({ ok: false, error: 'no-link' })
  })
})

describe('what the two devices say', () => {
  it('opens for the holder of the link alone', async () => {
    const [keys, others] = await Promise.all([deriveInvitationKeys(randomBytes(16)), deriveInvitationKeys(randomBytes(16))])
    const sealed = await sealPairing(keys, { type: 'joined' })
    expect(await openPairing(keys, sealed)).toEqual({ type: 'joined' })
    expect(await openPairing(others, sealed)).toBeNull()
    expect(await openPairing(keys, `${sealed.slice(0, -2)}AA`)).toBeNull()
    expect(await openPairing(keys, 'no seal')).toBeNull()
    expect(keys.topic).toMatch(/^[\w-]{43}$/)
  })

  it('shows both the same six digits, which differ as soon as anything differs', async () => {
    const secret = randomBytes(16)
    const transcript = transcriptOf(await newPair(), await newPair())
    const code = await pairingCode(secret, transcript)
    expect(code).toMatch(/^\d{6}$/)
    expect(await pairingCode(secret, { ...transcript })).toBe(code)
    const others = [
      { ...transcript, inviterNonce: randomId() },
      { ...transcript, joinerNonce: randomId() },
      { ...transcript, member: 'Mallory' },
      { ...transcript, joiner: asId<DeviceKey>((await newPair()).publicKey) },
    ]
    for (const other of others) expect(await pairingCode(secret, other)).not.toBe(code)
    expect(await pairingCommitment(transcript.joiner, transcript.joinerNonce)).toMatch(/^[\w-]{43}$/)
  })
})

describe('the welcome', () => {
  it('comes in parts, in any order, twice, and only whole', async () => {
    const [inviter, joiner] = [await newPair(), await newPair()]
    const transcript = transcriptOf(inviter, joiner)
    const contents = welcome(40_000)
    const parts = (await sealWelcome(transcript, inviter, contents)) ?? []
    expect(parts.length).toBeGreaterThan(2)
    const reader = await createWelcomeReader(transcript, joiner)
    if (!reader) throw new Error('the key of the inviter is one')
    for (const part of [...parts].reverse()) {
      expect(reader.contents()).toBeNull()
      expect(await reader.take(part)).toBe(true)
      expect(await reader.take(part)).toBe(true)
    }
    expect(reader.progress()).toBe(1)
    expect(reader.contents()).toEqual(contents)
  })

  it('opens for nobody else, and cannot be made by somebody who only has the link', async () => {
    const [inviter, joiner, stranger] = [await newPair(), await newPair(), await newPair()]
    const transcript = transcriptOf(inviter, joiner)
    const [genuine] = (await sealWelcome(transcript, inviter, welcome(10))) ?? []
    const [forged] = (await sealWelcome(transcript, stranger, welcome(10))) ?? []
    const reader = await createWelcomeReader(transcript, joiner)
    const thief = await createWelcomeReader(transcript, stranger)
    if (!genuine || !forged || !reader || !thief) throw new Error('all keys are keys')
    expect(await reader.take(forged)).toBe(false)
    expect(await reader.take({ ...genuine, part: 1, parts: 2 })).toBe(false)
    expect(await thief.take(genuine)).toBe(false)
    expect(await reader.take(genuine)).toBe(true)
    const elsewhere = await createWelcomeReader({ ...transcript, inviterNonce: randomId() }, joiner)
    expect(await elsewhere?.take(genuine)).toBe(false)
  })
})
