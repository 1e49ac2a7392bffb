import { createHash, hkdfSync } from 'node:crypto'
import { hashText, randomBytes, randomId, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
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
import { asId, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import type { PairingMessage, WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { deviceKey } from '../../../support/chain/signed-chain.ts'
import { anyText } from '../../../support/any-text.ts'
import { bytesOf, newPair, noon, unwrap, withFlippedBit, withOtherCharacter } from '../../../support/crypto-people.ts'

type Welcome = Extract<PairingMessage, { type: 'welcome' }>

const secret = randomBytes(16)
const keys = await deriveInvitationKeys(secret)
const words = { kind: 'own-device', practice: 'Willow Practice', member: 'Dr. Rivera' } as const

function transcriptOf(inviter: KeyPair, joiner: KeyPair): PairingTranscript {
  return { inviter: deviceKey(inviter), inviterNonce: randomId(), joiner: deviceKey(joiner), joinerNonce: randomId(), ...words }
}

function welcomeOf(length: number): WelcomeContents {
  return {
    member: asId<MemberId>(randomId()),
    root: asId<EntryHash>(toBase64Url(randomBytes(32))),
    entries: [],
    foundingKey: toBase64Url(randomBytes(32)),
    epochKeys: [],
    room: null,
    practiceDocument: 'A'.repeat(length),
  }
}

async function sealed(transcript: PairingTranscript, inviter: KeyPair, contents: WelcomeContents): Promise<readonly Welcome[]> {
  const parts = await sealWelcome(transcript, inviter, contents)
  if (!parts) throw new Error('It was not sealed')
  return parts
}

describe('the link', () => {
  it('of a newer version is told from a broken one', async () => {
    const body = '2.whatever-a-later-version-has.more'
    const check = (await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)
    expect(await parseInvitation(`https://clinic.example/join-practice#${body}.${check}`)).toEqual({ ok: false, error: 'newer-link' })
  })

  it('with any character mistyped is broken', async () => {
    const link = await formatInvitation('https://clinic.example', generateInvitation(noon))
    const start = link.indexOf('#') + 1
    for (let at = start; at < link.length; at++) {
      expect(await parseInvitation(withOtherCharacter(link, at)), `character ${at}`).toEqual({ ok: false, error: 'broken-link' })
    }
  })

  it('comes back for any expiry, to the minute and never earlier', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 42 }), async (expiresAt) => {
        const link = await formatInvitation('https://clinic.example', generateInvitation(expiresAt))
        const parsed = unwrap(await parseInvitation(link))
        expect(parsed.expiresAt - expiresAt).toBeGreaterThanOrEqual(0)
        expect(parsed.expiresAt - expiresAt).toBeLessThan(60_000)
      }),
    )
  })

  it('never throws, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText(),
          fc.string().map((text) => `#1.${toBase64Url(utf8(text))}.abc.123456`),
        ),
        async (text) => {
          expect((await parseInvitation(text)).ok).toBe(false)
        },
      ),
    )
  })

  it('gives topic and code as PROTOCOL.md has them, checked by Node alone', async () => {
    const hkdf = (ikm: Uint8Array, info: string, length: number) => Buffer.from(hkdfSync('sha256', ikm, new Uint8Array(0), info, length))
    expect(keys.topic).toBe(hkdf(secret, 'alcove/invitation-topic/1', 32).toString('base64url'))
    const transcript = transcriptOf(await newPair(), await newPair())
    const { inviter, inviterNonce, joiner, joinerNonce, kind, practice, member } = transcript
    const text = JSON.stringify(['alcove/invitation-transcript/1', inviter, inviterNonce, joiner, joinerNonce, kind, practice, member])
    const hash = createHash('sha256').update(text).digest()
    const number = hkdf(Buffer.concat([secret, hash]), 'alcove/invitation-code/1', 8).readBigUInt64BE() % 1_000_000n
    expect(await pairingCode(secret, transcript)).toBe(String(number).padStart(6, '0'))
    const commitment = createHash('sha256').update(`alcove/invitation-reveal/1\n${joiner}\n${joinerNonce}`).digest('base64url')
    expect(await pairingCommitment(joiner, joinerNonce)).toBe(commitment)
  })
})

describe('somebody in the middle who has the link', () => {
  it('and puts own keys in on both sides leaves the two people with different codes', async () => {
    const [inviter, joiner, mallory] = [await newPair(), await newPair(), await newPair()]
    let alike = 0
    for (let attempt = 0; attempt < 100; attempt++) {
      const honest = transcriptOf(inviter, joiner)
      // Both nonces of Mallory's are given away, or committed to, before the honest one is known.
      const shownToInviter = { ...honest, joiner: deviceKey(mallory), joinerNonce: randomId() }
      const shownToJoiner = { ...honest, inviter: deviceKey(mallory), inviterNonce: randomId() }
      if ((await pairingCode(secret, shownToInviter)) === (await pairingCode(secret, shownToJoiner))) alike += 1
    }
    // One in a million each time: once may be chance.
    expect(alike).toBeLessThan(2)
  })

  it('cannot reveal another key or nonce than the one committed to', async () => {
    const [joiner, mallory] = [await newPair(), await newPair()]
    const nonce = randomId()
    const commitment = await pairingCommitment(deviceKey(joiner), nonce)
    expect(await pairingCommitment(deviceKey(mallory), nonce)).not.toBe(commitment)
    expect(await pairingCommitment(deviceKey(joiner), randomId())).not.toBe(commitment)
  })

  it('gets nothing out of a welcome, and nothing into one', async () => {
    const [inviter, joiner, mallory] = [await newPair(), await newPair(), await newPair()]
    const transcript = transcriptOf(inviter, joiner)
    const parts = await sealed(transcript, inviter, welcomeOf(10))
    for (const seen of [transcript, { ...transcript, joiner: deviceKey(mallory) }, { ...transcript, inviter: deviceKey(mallory) }]) {
      const reader = await createWelcomeReader(seen, mallory)
      for (const part of parts) expect(await reader?.take(part)).toBe(false)
    }
    const reader = await createWelcomeReader(transcript, joiner)
    for (const part of await sealed(transcript, mallory, welcomeOf(10))) expect(await reader?.take(part)).toBe(false)
    expect(reader?.contents()).toBeNull()
  })

  it('sees codes that are spread over all numbers', async () => {
    const [inviter, joiner] = [await newPair(), await newPair()]
    const codes = await Promise.all(Array.from({ length: 500 }, () => pairingCode(secret, transcriptOf(inviter, joiner))))
    for (const code of codes) expect(code).toMatch(/^\d{6}$/)
    for (const place of [0, 5]) expect(new Set(codes.map((code) => code[place])).size).toBe(10)
  })
})

describe('parts of a welcome', () => {
  it('from another welcome, in another place, or changed are refused, and the whole still comes together', async () => {
    const [inviter, joiner] = [await newPair(), await newPair()]
    const [first, second] = [transcriptOf(inviter, joiner), transcriptOf(inviter, joiner)]
    const contents = welcomeOf(70_000)
    const [parts, others] = [await sealed(first, inviter, contents), await sealed(second, inviter, welcomeOf(70_000))]
    const reader = await createWelcomeReader(first, joiner)
    if (!reader) throw new Error('the key is one')
    for (const [number, part] of parts.entries()) {
      const other = parts[(number + 1) % parts.length] ?? part
      expect(await reader.take({ ...part, sealed: other.sealed })).toBe(false)
      expect(await reader.take({ ...part, parts: part.parts + 1 })).toBe(false)
      expect(await reader.take({ ...part, part: part.parts })).toBe(false)
      expect(await reader.take({ ...part, sealed: others[number]?.sealed ?? '' })).toBe(false)
      expect(await reader.take({ ...part, sealed: toBase64Url(withFlippedBit(bytesOf(part.sealed), 100 + number)) })).toBe(false)
      expect(await reader.take(part)).toBe(true)
    }
    expect(reader.contents()).toEqual(contents)
  })

  it('never throw, whatever they are', async () => {
    const [inviter, joiner] = [await newPair(), await newPair()]
    const reader = await createWelcomeReader(transcriptOf(inviter, joiner), joiner)
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), anyText(), async (part, count, text) => {
        expect(await reader?.take({ type: 'welcome', part, parts: count, sealed: text })).toBe(false)
      }),
    )
    const noKey = { ...transcriptOf(inviter, joiner), inviter: deviceKey({ ...inviter, publicKey: 'A'.repeat(87) }) }
    expect(await createWelcomeReader(noKey, joiner)).toBeNull()
  })
})

describe('sealed words', () => {
  it('opened with any bit turned, or under another topic, are none', async () => {
    const message: PairingMessage = { type: 'reveal', device: deviceKey(await newPair()), nonce: randomId() }
    const bytes = bytesOf(await sealPairing(keys, message))
    for (let at = 0; at < bytes.length; at += 3) {
      expect(await openPairing(keys, toBase64Url(withFlippedBit(bytes, at, at % 8))), `byte ${at}`).toBeNull()
    }
    expect(await openPairing({ ...keys, topic: 'other' }, toBase64Url(bytes))).toBeNull()
  })

  it('never throw, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText(),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => toBase64Url(Uint8Array.from(bytes))),
        ),
        async (text) => {
          expect(await openPairing(keys, text)).toBeNull()
        },
      ),
    )
    expect(await openPairing(keys, 'A'.repeat(100_000))).toBeNull()
  })
})
