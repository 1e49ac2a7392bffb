import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import type { Role } from '@alcove/shared/domain/practice'
import type { Store } from '../../../pwa/src/adapters/schedule/open-store.ts'
import type { PracticeState } from '../../../pwa/src/ports.ts'
import type { InvitationTarget, PeopleState, SyncPlace } from '../../../pwa/src/sync-ports.ts'
import { afterEach } from 'vitest'
import type { WholeDevice } from './backends.ts'
import { accepted, eventually, setUp } from './examples.ts'

/** Several devices of one practice, without a network between them: tests carry what they have to each other. */

/** Devices for the tests of one suite, closed after each. `founder`: one that has set up the example practice. */
export function useDevices(create: () => WholeDevice) {
  let devices: WholeDevice[] = []
  afterEach(async () => {
    const used = devices
    devices = []
    await Promise.all(used.map((each) => each.close()))
  })
  function device(): WholeDevice {
    const made = create()
    devices.push(made)
    return made
  }
  async function founder(): Promise<Store> {
    const store = await device().open()
    await setUp(store)
    return store
  }
  return { device, founder }
}

export async function stateOf(store: Store, fits: (state: PracticeState) => boolean = () => true): Promise<PracticeState> {
  const state = await eventually(store.practice.watch, (now) => now !== null && fits(now))
  if (!state) throw new Error('No practice')
  return state
}

export async function peopleOf(store: Store, fits: (state: PeopleState) => boolean = () => true): Promise<PeopleState> {
  const state = await eventually(store.people.watch, (now) => now !== null && fits(now))
  if (!state) throw new Error('No practice')
  return state
}

export async function placeOf(store: Store, fits: (place: SyncPlace) => boolean = () => true): Promise<SyncPlace> {
  const place = await eventually(store.sync.watchPlace, (now) => now !== null && fits(now))
  if (!place) throw new Error('No practice')
  return place
}

export async function keyOf(store: Store): Promise<DeviceKey> {
  return asId((await placeOf(store)).device.publicKey)
}

/** Brings a fresh device into the practice of `inviter`. */
export async function invite(inviter: Store, device: WholeDevice, target: InvitationTarget, label = 'A laptop'): Promise<Store> {
  const joiner = await device.open()
  const pair = await joiner.pairing.newDevice()
  const welcome = accepted(await inviter.pairing.admit(target, asId(pair.publicKey), label))
  accepted(await joiner.pairing.adopt(welcome, pair, target.kind))
  return joiner
}

export async function inviteColleague(inviter: Store, device: WholeDevice, name: string, roles: readonly Role[]): Promise<Store> {
  const member = accepted(await inviter.practice.addMember({ name, roles }))
  return invite(inviter, device, { kind: 'colleague', member: member.id })
}

/** Carries everything that one has and the other lacks, both ways, as a network would in the end. */
export async function meet(a: Store, b: Store): Promise<void> {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const document of (await from.sync.changedSince(0)).documents) {
      accepted(await to.sync.apply(document, await from.sync.updateFor(document, await to.sync.vector(document))))
    }
  }
  // What was verified only after it had come is in the roll now.
  await Promise.all([a, b].map(async (store) => accepted(await store.chain.take(await (store === a ? b : a).chain.entries()))))
}
