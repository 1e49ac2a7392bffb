import { randomBytes, randomId } from '@alcove/shared/crypto/bytes'
import { signEntry } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, MemberId, PracticeId } from '@alcove/shared/domain/ids'
import * as Y from 'yjs'
import { createSimDevice, type SimDevice, type SimWorld } from './sim-device.ts'
import { createSimDisk, practiceDocument } from './sim-disk.ts'

/** A practice of one administrator and clinician with one device, which is not started yet. */
export async function foundPractice(world: SimWorld, name: string): Promise<SimDevice> {
  const pair = await importKeyPair(await generateSecret())
  const member = randomId() as MemberId
  const { signed, hash } = await signEntry(
    {
      parents: [],
      at: world.time.now(),
      operations: [
        { type: 'found', practice: randomId() as PracticeId },
        { type: 'add-member', member, name: 'Dr. Rivera', roles: ['administrator', 'clinician'] },
        { type: 'add-device', device: pair.publicKey as DeviceKey, member, label: name },
        { type: 'change-telehealth', tier: 'basic' },
      ],
    },
    pair,
  )
  const disk = createSimDisk({ device: pair, member, root: hash, foundingKey: randomBytes(32), isStolen: false })
  const doc = new Y.Doc()
  doc.clientID = 1
  doc.getMap('chain').set(hash, new Y.Map([['signed', signed]]))
  disk.rows.push({ i: disk.nextRow++, document: practiceDocument, update: Uint8Array.from(Y.encodeStateAsUpdateV2(doc)) })
  return createSimDevice(world, name, disk)
}

/** As an invitation leaves it: durable on the inviting device, then a device with all that it needs. Null: not allowed, or cut off. */
export async function inviteDevice(
  world: SimWorld,
  by: SimDevice,
  member: MemberId,
  name: string,
  { isStolen = false, isHostile = false } = {},
): Promise<SimDevice | null> {
  const before = by.running()
  if (!before) return null
  const { store } = before
  const pair = await importKeyPair(await generateSecret())
  const key = pair.publicKey as DeviceKey
  const added = await store.act([{ type: 'add-device', device: key, member, label: name }, ...(await store.share(key))])
  if (!added.ok || by.running() !== before || !store.history()) return null
  const { root, foundingKey } = by.disk
  const disk = createSimDisk({ device: pair, member, root, foundingKey, givenKeys: new Map(store.secrets), isStolen })
  const update = Uint8Array.from(Y.encodeStateAsUpdateV2(store.document(practiceDocument)))
  disk.rows.push({ i: disk.nextRow++, document: practiceDocument, update })
  for (const signed of by.disk.chain) disk.chain.add(signed)
  const device = createSimDevice(world, name, disk, isHostile)
  device.host.island = by.host.island
  return device
}
