import type { Bytes } from '@alcove/shared/crypto/bytes'
import { generateEpoch, openEpochKey, sealEpochKey } from '@alcove/shared/crypto/chain'
import { answerHandover, type HandoverSource, openBatches } from '@alcove/shared/crypto/handover'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import { deriveHandoverKeys, openHandover } from '@alcove/shared/crypto/practice-keys'
import type { EntryHash, EpochId } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import { describe, expect, it } from 'vitest'
import { deviceKey, memberId, newSignedPractice } from '../../../support/chain/signed-chain.ts'
import { newPair } from '../../../support/crypto-people.ts'

const foundingKey: Bytes = new Uint8Array(32).fill(7)
const handoverKeys = await deriveHandoverKeys(foundingKey)

/** Keys that a device has: the founding one and those it is given here. */
function ring(...held: readonly { readonly epoch: EpochId; readonly key: Bytes }[]) {
  return (epoch: EpochId | null) => (epoch === null ? foundingKey : held.find((one) => one.epoch === epoch)?.key)
}

async function newWorld() {
  const chain = await newSignedPractice()
  const rename = (name: string): Operation => ({ type: 'rename-member', member: memberId('c'), name })
  const removal = async (parents: readonly EntryHash[], gone: KeyPair, stay: readonly KeyPair[], by = chain.administrator) => {
    const made = await generateEpoch()
    const keys = await sealEpochKey(made.key, { root: chain.root, epoch: made.epoch }, stay.map(deviceKey))
    const hash = await chain.sign(by, parents, [
      { type: 'remove-device', device: deviceKey(gone) },
      { type: 'rekey', epoch: made.epoch, keys },
    ])
    return { ...made, hash }
  }
  const addDevice = (parents: readonly EntryHash[], device: KeyPair, by = chain.clinician): Promise<EntryHash> =>
    chain.sign(by, parents, [{ type: 'add-device', device: deviceKey(device), member: memberId('c'), label: 'Phone' }])
  const source = (keyOf: HandoverSource['keyOf']): HandoverSource => ({
    root: chain.root,
    history: chain.history(),
    signedOf: (hash) => chain.signed.get(hash),
    keyOf,
  })
  /** What the asker gets, hash by hash, asking until nothing comes. */
  async function askUntilDone(device: KeyPair, heads: readonly EntryHash[], from: HandoverSource, keyOf: HandoverSource['keyOf']) {
    const known = new Set(heads)
    const got: EntryHash[] = []
    for (let round = 0; round < 50; round++) {
      const have = { type: 'have', device: deviceKey(device), epoch: null, heads: [...known] } as const
      const sealed = await answerHandover(from, handoverKeys, have)
      const message = sealed === null ? null : await openHandover(handoverKeys, sealed)
      if (message?.type !== 'entries') return { got, rounds: round }
      const opened = await openBatches(message.batches, { root: chain.root, device, keyOf })
      const hashes = [...chain.signed].flatMap(([hash, signed]) => (opened.includes(signed) ? [hash] : []))
      if (hashes.every((hash) => known.has(hash))) return { got, rounds: round + 1 }
      for (const hash of hashes) known.add(hash)
      got.push(...hashes)
    }
    throw new Error('It never ends')
  }
  return { ...chain, rename, removal, addDevice, source, askUntilDone }
}

describe('a device that was away while the practice key changed twice', () => {
  it('opens everything with the founding key and its own, since each new key was sealed to it', async () => {
    const world = await newWorld()
    const [phone, tablet] = [await newPair(), await newPair()]
    const added = await world.addDevice([await world.addDevice([world.root], phone)], tablet)
    const stay = [world.administrator, world.clinician]
    const first = await world.removal([added], phone, [...stay, tablet])
    const named = await world.sign(world.administrator, [first.hash], [world.rename('Dr. Okafor-Jones')])
    const second = await world.removal([named], tablet, stay)
    const last = await world.sign(world.administrator, [second.hash], [world.rename('Dr. Jones')])
    const { got } = await world.askUntilDone(world.clinician, [world.root], world.source(ring(first, second)), ring())
    expect(new Set(got)).toEqual(
      new Set(
        world
          .entries()
          .map(({ hash }) => hash)
          .filter((hash) => hash !== world.root),
      ),
    )
    expect(got).toContain(last)
  })
})

describe('a removed device', () => {
  it('reads up to its removal and nothing after', async () => {
    const world = await newWorld()
    const phone = await newPair()
    const added = await world.addDevice([world.root], phone)
    const removal = await world.removal([added], phone, [world.administrator, world.clinician])
    const secret = await world.sign(world.administrator, [removal.hash], [world.rename('Not for the thief')])
    const { got } = await world.askUntilDone(phone, [added], world.source(ring(removal)), ring())
    expect(got).toEqual([removal.hash])
    // Nor when it calls itself a device of the practice: what it gets is sealed to that one.
    const have = { type: 'have', device: deviceKey(world.clinician), epoch: null, heads: [added] } as const
    const answer = await openHandover(handoverKeys, (await answerHandover(world.source(ring(removal)), handoverKeys, have)) ?? '')
    if (answer?.type !== 'entries') throw new Error('It was answered')
    const opened = await openBatches(answer.batches, { root: world.root, device: phone, keyOf: ring() })
    expect(opened).toEqual([world.signed.get(removal.hash)])
    expect(opened).not.toContain(world.signed.get(secret))
  })
})

describe('a device that came into the practice while a new key was made elsewhere', () => {
  it('gets the key with the entries', async () => {
    const world = await newWorld()
    const [phone, tablet] = [await newPair(), await newPair()]
    const withPhone = await world.addDevice([world.root], phone)
    const withTablet = await world.addDevice([withPhone], tablet)
    // The administrator has not heard of the tablet.
    const removal = await world.removal([withPhone], phone, [world.administrator, world.clinician])
    const later = await world.sign(world.administrator, [removal.hash, withTablet], [world.rename('Dr. Jones')])
    const { got } = await world.askUntilDone(tablet, [withTablet], world.source(ring(removal)), ring())
    expect(new Set(got)).toEqual(new Set([removal.hash, later]))
    expect(await openEpochKey('A'.repeat(151), { root: world.root, epoch: removal.epoch }, tablet)).toBeNull()
  })
})

describe('an answer', () => {
  it('is none when nothing is lacking, and when the answering device lacks the key itself', async () => {
    const world = await newWorld()
    const phone = await newPair()
    const added = await world.addDevice([world.root], phone)
    const removal = await world.removal([added], phone, [world.administrator, world.clinician])
    const last = await world.sign(world.administrator, [removal.hash], [world.rename('Dr. Jones')])
    const have = (heads: readonly EntryHash[]) =>
      ({ type: 'have', device: deviceKey(world.clinician), epoch: removal.epoch, heads: [...heads] }) as const
    expect(await answerHandover(world.source(ring(removal)), handoverKeys, have([last]))).toBeNull()
    expect(await answerHandover(world.source(ring()), handoverKeys, have([removal.hash]))).toBeNull()
    expect(await answerHandover(world.source(ring(removal)), handoverKeys, have([removal.hash]))).not.toBeNull()
  })

  it('is the newest key alone, for a device of the practice that knows of it and has not got it', async () => {
    const world = await newWorld()
    const phone = await newPair()
    const added = await world.addDevice([world.root], phone)
    const removal = await world.removal([added], phone, [world.administrator])
    const have = (device: KeyPair) => ({ type: 'have', device: deviceKey(device), epoch: null, heads: [removal.hash] }) as const
    const sealed = await answerHandover(world.source(ring(removal)), handoverKeys, have(world.clinician))
    const answer = await openHandover(handoverKeys, sealed ?? '')
    if (answer?.type !== 'entries') throw new Error('No answer')
    const [batch] = answer.batches
    expect(answer.batches).toHaveLength(1)
    expect(await openEpochKey(batch?.key ?? '', { root: world.root, epoch: removal.epoch }, world.clinician)).toEqual(removal.key)
    expect(await openBatches(answer.batches, { root: world.root, device: world.clinician, keyOf: ring() })).toEqual([])
    expect(await answerHandover(world.source(ring(removal)), handoverKeys, have(phone))).toBeNull()
    expect(await answerHandover(world.source(ring()), handoverKeys, have(world.clinician))).toBeNull()
  })

  it('from a device that was never given a key in between comes under the newest one', async () => {
    const world = await newWorld()
    const phone = await newPair()
    const added = await world.addDevice([world.root], phone)
    const garbled = await world.removal([added], phone, [world.clinician], world.clinician)
    const made = await generateEpoch()
    const stay = [deviceKey(world.administrator), deviceKey(world.clinician)]
    const keys = await sealEpochKey(made.key, { root: world.root, epoch: made.epoch }, stay)
    const mended = await world.sign(world.administrator, [garbled.hash], [{ type: 'rekey', epoch: made.epoch, keys }])
    const { got } = await world.askUntilDone(world.clinician, [garbled.hash], world.source(ring(made)), ring(garbled))
    expect(got).toEqual([mended])
    expect((await world.askUntilDone(phone, [added], world.source(ring(made)), ring())).got).toEqual([garbled.hash])
  })

  it('to somebody who lacks a long chain comes in as many parts as it takes', async () => {
    const world = await newWorld()
    let head = world.root
    for (let number = 0; number < 60; number++) {
      head = await world.sign(
        world.administrator,
        [head],
        Array.from({ length: 12 }, (_, at) => world.rename(`Name ${number} ${at} ${'x'.repeat(60)}`)),
      )
    }
    const { got, rounds } = await world.askUntilDone(world.clinician, [world.root], world.source(ring()), ring())
    expect(got).toHaveLength(60)
    expect(rounds).toBeGreaterThan(2)
  })
})
