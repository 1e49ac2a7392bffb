import { hkdfSync } from 'node:crypto'
import { randomBytes, randomId, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import {
  epochIdOf,
  generateEpoch,
  issueMinimumEpoch,
  openEpochKey,
  type ProofFields,
  proofText,
  sealEpochKey,
  sharesFor,
  signEntry,
  signProof,
  verifyEntry,
  verifyMinimumEpoch,
  verifyProof,
} from '@alcove/shared/crypto/chain'
import { sign } from '@alcove/shared/crypto/signed'
import { asId, type EntryHash, type EpochId } from '@alcove/shared/domain/ids'
import { maxDevices } from '@alcove/shared/domain/practice-chain'
import { historyOf, rollOf } from '@alcove/shared/domain/practice-roll'
import { maxEntryLength, maxOperations } from '@alcove/shared/protocol/sync-messages'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { deviceKey, memberId, newSignedPractice } from '../../../support/chain/signed-chain.ts'
import { anyText } from '../../../support/any-text.ts'
import { bytesOf, newHash, newPair, newRoom, noon, unwrap, withFlippedBit, withOtherCharacter } from '../../../support/crypto-people.ts'

const practice = await newSignedPractice()
const { administrator, clinician, root } = practice
const tier = { type: 'change-telehealth', tier: 'premium' } as const
const contents = { parents: [root], at: noon, operations: [tier] }

describe('an entry of the chain', () => {
  it('comes back as it was signed, by the device that signed it', async () => {
    const { signed, hash } = await signEntry(contents, administrator)
    expect(await verifyEntry(signed)).toEqual({ ...contents, hash, by: administrator.publicKey })
    expect(hash).toMatch(/^[\w-]{43}$/)
  })

  it('signed a second time is another entry: no signature is like another', async () => {
    const [first, second] = [await signEntry(contents, administrator), await signEntry(contents, administrator)]
    expect(second.hash).not.toBe(first.hash)
  })

  it('with any character changed is none', async () => {
    const { signed } = await signEntry(contents, administrator)
    for (let at = 0; at < signed.length; at += 3) expect(await verifyEntry(withOtherCharacter(signed, at)), `character ${at}`).toBeNull()
    const [payload = '', signature = ''] = signed.split('.')
    const bytes = bytesOf(signature)
    for (let at = 0; at < bytes.length; at++) {
      expect(await verifyEntry(`${payload}.${toBase64Url(withFlippedBit(bytes, at, at % 8))}`)).toBeNull()
    }
  })

  it('that names another device than the one that signed is none', async () => {
    expect(await verifyEntry(await sign('chain', { ...contents, by: clinician.publicKey }, administrator))).toBeNull()
  })

  it('signed as another kind of statement, or of another shape, is none', async () => {
    const by = administrator.publicKey
    expect(await verifyEntry(await sign('end', { ...contents, by }, administrator))).toBeNull()
    for (const other of [
      { ...contents, by, more: 1 },
      { ...contents, by, operations: [] },
      { ...contents, by, operations: [{ ...tier, tier: 'gold' }] },
      { ...contents, by, parents: Array.from({ length: 9 }, () => root) },
      { ...contents, by, at: -1 },
      [],
    ]) {
      expect(await verifyEntry(await sign('chain', other, administrator))).toBeNull()
    }
  })

  it('spelled in another way is another entry, or none', async () => {
    const { signed } = await signEntry(contents, administrator)
    const [payload = '', signature = ''] = signed.split('.')
    const spelled = toBase64Url(utf8(JSON.stringify(JSON.parse(Buffer.from(payload, 'base64url').toString()), null, 1)))
    expect(await verifyEntry(`${spelled}.${signature}`)).toBeNull()
    for (const text of [`${signed}=`, ` ${signed}`, `${signed}.${signature}`, payload, signature, '', '.']) {
      expect(await verifyEntry(text)).toBeNull()
    }
  })

  it('is not made when nobody would take it', async () => {
    await expect(signEntry({ ...contents, operations: [] }, administrator)).rejects.toThrow(TypeError)
    const tiers = (length: number) => Array.from({ length }, () => tier)
    expect((await signEntry({ ...contents, operations: tiers(maxOperations) }, administrator)).signed.length).toBeLessThan(maxEntryLength)
    await expect(signEntry({ ...contents, operations: tiers(maxOperations + 1) }, administrator)).rejects.toThrow(TypeError)
    const names = Array.from(
      { length: maxOperations },
      () => ({ type: 'rename-member', member: memberId('c'), name: 'x'.repeat(80) }) as const,
    )
    await expect(signEntry({ ...contents, operations: names }, administrator)).rejects.toThrow(TypeError)
  })

  it('never throws, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText(),
          fc.string().map((text) => `${toBase64Url(utf8(text))}.${'A'.repeat(86)}`),
        ),
        async (text) => {
          expect(await verifyEntry(text)).toBeNull()
        },
      ),
    )
    expect(await verifyEntry('A'.repeat(1_000_000))).toBeNull()
  })

  it('signed anew by a member, with the words of an administrator, changes nothing', async () => {
    const { signed } = await signEntry(contents, clinician)
    const entry = await verifyEntry(signed)
    if (!entry) throw new Error('well signed')
    const roll = rollOf([...practice.entries(), entry], root)
    expect(roll).toMatchObject({ telehealth: 'off', refusals: [{ by: clinician.publicKey, reason: 'not-allowed' }] })
  })
})

describe('the key of an epoch', () => {
  it('opens for the device it was sealed to, in its practice and epoch, and nowhere else', async () => {
    const { epoch, key } = await generateEpoch()
    const devices = [deviceKey(administrator), deviceKey(clinician)]
    const [forAdministrator, forClinician] = await sealEpochKey(key, { root, epoch }, devices)
    if (!forAdministrator || !forClinician) throw new Error('two devices')
    expect(forClinician.device).toBe(clinician.publicKey)
    expect(await openEpochKey(forClinician.sealed, { root, epoch }, clinician)).toEqual(key)
    expect(await openEpochKey(forClinician.sealed, { root, epoch }, administrator)).toBeNull()
    expect(await openEpochKey(forAdministrator.sealed, { root, epoch }, clinician)).toBeNull()
    expect(await openEpochKey(forClinician.sealed, { root: asId<EntryHash>(await newHash()), epoch }, clinician)).toBeNull()
    expect(await openEpochKey(forClinician.sealed, { root, epoch: asId<EpochId>(randomId()) }, clinician)).toBeNull()
    for (const text of ['', 'A', 'not base64url!', 'A'.repeat(151), 'A'.repeat(100_000)]) {
      expect(await openEpochKey(text, { root, epoch }, clinician)).toBeNull()
    }
  })

  it('is told from any other key by its name, so that a member cannot pass on a wrong one', async () => {
    const { epoch } = await generateEpoch()
    const [wrong] = await sealEpochKey(randomBytes(32), { root, epoch }, [deviceKey(clinician)])
    expect(await openEpochKey(wrong?.sealed ?? '', { root, epoch }, clinician)).toBeNull()
    const key = randomBytes(32)
    // RFC 5869 as Node has it.
    const expected = hkdfSync('sha256', key, new Uint8Array(0), 'alcove/epoch/1', 16)
    expect(await epochIdOf(key)).toBe(toBase64Url(new Uint8Array(expected)))
  })

  it('for as many devices as a practice may have fits into one entry', async () => {
    const { epoch, key } = await generateEpoch()
    const devices = await Promise.all(Array.from({ length: maxDevices }, async () => deviceKey(await newPair())))
    const operations = [
      { type: 'remove-device', device: deviceKey(clinician) },
      { type: 'rekey', epoch, keys: await sealEpochKey(key, { root, epoch }, devices) },
    ] as const
    const { signed } = await signEntry({ parents: Array.from({ length: 8 }, () => root), at: noon, operations }, administrator)
    expect(signed.length).toBeLessThan(maxEntryLength)
    expect((await verifyEntry(signed))?.operations).toEqual(operations)
  })

  it('is not sealed to a text that is no key', async () => {
    const { epoch, key } = await generateEpoch()
    await expect(sealEpochKey(key, { root, epoch }, [deviceKey({ ...clinician, publicKey: 'A'.repeat(87) })])).rejects.toThrow(TypeError)
  })
})

describe('the proof of a channel', () => {
  const fingerprint = (letter: string) => Array.from({ length: 32 }, () => letter.repeat(2)).join(':')
  const here: ProofFields = {
    nonces: { mine: 'a'.repeat(22), theirs: 'b'.repeat(22) },
    devices: { mine: deviceKey(administrator), theirs: deviceKey(clinician) },
    fingerprints: { mine: fingerprint('A'), theirs: fingerprint('B') },
  }
  const there: ProofFields = {
    nonces: { mine: 'b'.repeat(22), theirs: 'a'.repeat(22) },
    devices: { mine: deviceKey(clinician), theirs: deviceKey(administrator) },
    fingerprints: { mine: fingerprint('B'), theirs: fingerprint('A') },
  }

  it('holds for the other side of the same channel', async () => {
    expect(await verifyProof(there, await signProof(here, administrator))).toBe(true)
    expect(await verifyProof(here, await signProof(there, clinician))).toBe(true)
  })

  it('is worth nothing reflected, by another device, on another connection, or again', async () => {
    const proof = await signProof(here, administrator)
    expect(await verifyProof(here, proof)).toBe(false)
    expect(await verifyProof(there, await signProof(here, clinician))).toBe(false)
    const others: ProofFields[] = [
      { ...there, nonces: { ...there.nonces, mine: 'c'.repeat(22) } },
      { ...there, nonces: { ...there.nonces, theirs: 'c'.repeat(22) } },
      { ...there, devices: { ...there.devices, mine: deviceKey(await newPair()) } },
      { ...there, fingerprints: { ...there.fingerprints, mine: fingerprint('C') } },
      // The server in the middle has two connections, with certificates of its own on both.
      { ...there, fingerprints: { mine: fingerprint('C'), theirs: fingerprint('D') } },
    ]
    for (const other of others) expect(await verifyProof(other, proof)).toBe(false)
    for (const text of ['', 'A'.repeat(86), proof.slice(1), `${proof}A`]) expect(await verifyProof(there, text)).toBe(false)
  })

  it('is signed over six lines', () => {
    expect(proofText(here).split('\n')).toEqual([
      here.nonces.mine,
      here.nonces.theirs,
      administrator.publicKey,
      clinician.publicKey,
      fingerprint('A'),
      fingerprint('B'),
    ])
  })
})

describe('a minimum epoch', () => {
  it('counts when the room key signed it for its room', async () => {
    const [own, other] = [await newRoom(), await newRoom()]
    const statement = await issueMinimumEpoch(own.roomPair, { room: own.room, epoch: 3 })
    expect(unwrap(await verifyMinimumEpoch(statement, own))).toEqual({ room: own.room, epoch: 3 })
    expect(await verifyMinimumEpoch(statement, other)).toEqual({ ok: false, error: 'bad-signature' })
    expect(await verifyMinimumEpoch(statement, { room: other.room, roomKey: own.roomKey })).toEqual({ ok: false, error: 'other-room' })
    expect((await verifyMinimumEpoch(await issueMinimumEpoch(own.device, { room: own.room, epoch: 3 }), own)).ok).toBe(false)
    expect((await verifyMinimumEpoch('nothing', own)).ok).toBe(false)
  })
})

describe('a chain with real signatures', () => {
  it('carries removals with new keys, which those who stay can open', async () => {
    const chain = await newSignedPractice()
    const { epoch, key } = await generateEpoch()
    const phone = await newPair()
    const added = await chain.sign(
      chain.clinician,
      [chain.root],
      [{ type: 'add-device', device: deviceKey(phone), member: memberId('c'), label: 'Phone' }],
    )
    const stay = [deviceKey(chain.administrator), deviceKey(chain.clinician)]
    await chain.sign(
      chain.administrator,
      [added],
      [
        { type: 'remove-device', device: deviceKey(phone) },
        { type: 'rekey', epoch, keys: await sealEpochKey(key, { root: chain.root, epoch }, stay) },
      ],
    )
    await chain.sign(phone, [added], [{ type: 'rename-member', member: memberId('c'), name: 'Mallory' }])
    const history = historyOf(chain.entries(), chain.root)
    expect(history?.roll.epoch).toEqual({ id: epoch, holders: new Set(stay) })
    expect(history?.roll.members.get(memberId('c'))?.name).toBe('Dr. Okafor')
    expect(history?.roll.refusals).toMatchObject([{ operation: 'rename-member', reason: 'unknown-author' }])
    // Whoever is let in later is given the keys that are known where it is let in.
    const tablet = await newPair()
    const roll = history && { epochs: new Map([...history.roll.epochs, [asId<EpochId>('unknown here'), new Set<never>()]]) }
    const shares = roll ? await sharesFor(roll, new Map([[epoch, key]]), chain.root, deviceKey(tablet)) : []
    expect(shares).toMatchObject([{ type: 'share-key', epoch, keys: [{ device: deviceKey(tablet) }] }])
    const sealed = shares[0]?.type === 'share-key' ? shares[0].keys[0]?.sealed : undefined
    expect(await openEpochKey(sealed ?? '', { root: chain.root, epoch }, tablet)).toEqual(key)
  })
})
