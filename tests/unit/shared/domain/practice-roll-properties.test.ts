import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { ChainEntry, Operation } from '@alcove/shared/domain/practice-chain'
import { historyOf, lackedBy, needsTending, orderEntries, rollOf } from '@alcove/shared/domain/practice-roll'
import { fc } from '../../../support/property.ts'
import { expect, test } from 'vitest'
import {
  addDevice,
  addMember,
  changeRoles,
  createChain,
  keyNamed,
  rekey,
  removeDevice,
  removeMember,
  runSteps,
  type Step,
  setRoom,
  shareKey,
  standing,
  stepKinds,
  tier,
} from '../../../support/chain/chain-world.ts'
import { slowOrder } from '../../../support/chain/slow-order.ts'

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('learn', 'learn', 'add-device', 'remove-device', ...stepKinds),
  actor: fc.nat(11),
  a: fc.nat(11),
  b: fc.nat(11),
})
const steps = fc.array(step, { minLength: 4, maxLength: 40 })
const numRuns = 300

test('the same entries give the same roll in whatever order, and however often, they came', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.infiniteStream(fc.nat()), (all, honest, random) => {
      const { chain } = runSteps(all, honest)
      const entries = chain.entries()
      const shuffled = [...entries, ...entries.slice(0, 5)]
        .map((entry) => ({ entry, at: random.next().value }))
        .sort((x, y) => x.at - y.at)
        .map(({ entry }) => entry)
      expect(historyOf(shuffled, chain.root)).toEqual(historyOf(entries, chain.root))
    }),
    { numRuns },
  )
})

test('devices that learn from each other bit by bit come to the same roll as one that got everything at once', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (all, honest) => {
      const { chain, devices } = runSteps(all, honest)
      const whole = chain.roll()
      for (let round = 0; round < devices.length; round++) {
        for (const [number, { known }] of devices.entries()) {
          for (const [hash, entry] of known) devices[(number + 1) % devices.length]?.known.set(hash, entry)
        }
      }
      for (const { known } of devices) expect(rollOf(known.values(), chain.root)).toEqual(whole)
    }),
    { numRuns: 100 },
  )
})

test('any part of the chain is a practice: parents first, somebody administers it, and no removed key is back', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.infiniteStream(fc.boolean()), (all, honest, random) => {
      const { chain } = runSteps(all, honest)
      const part = chain.entries().filter(({ hash }) => hash === chain.root || random.next().value)
      const history = historyOf(part, chain.root)
      if (!history) throw new Error('founded')
      const seen = new Set<string>()
      for (const { hash, parents } of history.order) {
        expect(parents.every((parent) => seen.has(parent))).toBe(true)
        seen.add(hash)
      }
      const { roll } = history
      const administering = [...roll.devices.values()].filter(({ member }) => roll.members.get(member)?.roles.includes('administrator'))
      expect(administering.length).toBeGreaterThan(0)
      for (const key of roll.removedDevices.keys()) expect(roll.devices.has(key)).toBe(false)
      for (const { member } of roll.devices.values()) expect(roll.members.get(member)?.removed).toBe(false)
      for (const { removed, roles } of roll.members.values()) expect(roles.length === 0).toBe(removed)
      expect(history.epochs.flatMap(({ entries }) => entries)).toEqual(history.order)
      expect(lackedBy(history, roll.heads)).toEqual([])
      expect(lackedBy(history, [])).toEqual(history.order)
    }),
    { numRuns },
  )
})

/** Everything but taking something from others, as a removed device would sign it. */
const gains: fc.Arbitrary<Operation> = fc.oneof(
  fc.constantFrom('off' as const, 'basic' as const, 'premium' as const).map(tier),
  fc.nat(99).map((n) => addMember(`mallory-${n}`, ['administrator'])),
  fc.nat(99).map((n) => addDevice(`mallory-device-${n}`, 'founder')),
  fc.nat(99).map((n) => setRoom('founder', `mallory-room-${n}`)),
  fc.nat(99).map((n) => rekey(`mallory-epoch-${n}`, ['mallory'])),
  fc.nat(99).map((n) => shareKey(`remove-device-${n}`, ['mallory'])),
)
const takes: fc.Arbitrary<Operation> = fc.oneof(
  fc.nat(40).map((n) => removeDevice(n === 0 ? 'founder-laptop' : n === 1 ? 'second-laptop' : `add-device-${n}`)),
  fc.nat(40).map((n) => removeMember(n === 0 ? 'founder' : n === 1 ? 'second' : `add-member-${n}`)),
  fc.nat(40).map((n) => changeRoles(n === 0 ? 'founder' : n === 1 ? 'second' : `add-member-${n}`, ['scheduler'])),
)

/** Says of others that they have what they have not, so that an older revocation would have more to take. */
const claims: fc.Arbitrary<Operation> = fc
  .record({
    device: fc.constantFrom('founder-laptop', 'second-laptop', 'add-device-2', 'add-device-4'),
    member: fc.constantFrom('founder', 'second', 'add-member-1', 'add-member-3'),
    isDevice: fc.boolean(),
  })
  .map(({ device, member, isDevice }) =>
    isDevice ? addDevice(device, member) : changeRoles(member, ['administrator', 'clinician', 'scheduler']),
  )

/** Once, what the second administrator wrote came later when the scheduler's role was one that they could have lost before. */
const learning: Step = { kind: 'learn', actor: 0, a: 0, b: 0 }
const swappedBefore: readonly [readonly Step[], readonly Backdating[]] = [
  [
    learning,
    { kind: 'telehealth', actor: 1, a: 0, b: 7 },
    learning,
    { kind: 'telehealth', actor: 0, a: 0, b: 0 },
    learning,
    { kind: 'change-roles', actor: 0, a: 7, b: 0 },
  ],
  [{ operation: changeRoles('second', ['scheduler']), parent: 0, onOwn: false }],
]

type Backdating = { readonly operation: Operation; readonly parent: number; readonly onOwn: boolean }
const backdated = (operation: fc.Arbitrary<Operation>): fc.Arbitrary<readonly Backdating[]> =>
  fc.array(fc.record({ operation, parent: fc.nat(100), onOwn: fc.boolean() }), { minLength: 1, maxLength: 8 })

/** Entries by the thief on any entries of before its removal, delivered after everything else. */
function backdate(
  chain: ReturnType<typeof runSteps>['chain'],
  thief: DeviceKey,
  past: readonly ChainEntry[],
  forged: readonly Backdating[],
) {
  let own: ChainEntry['hash'] | null = null
  for (const [number, { operation, parent, onOwn }] of forged.entries()) {
    const on = past[parent % past.length]
    if (!on) continue
    own = chain.sign(`forged-${number}`, thief, onOwn && own !== null ? [own] : [on.hash], [operation])
  }
}

/** Removed as far as anybody knows, and what its remover did not know of: everything before. */
function removedDevices(chain: ReturnType<typeof runSteps>['chain']) {
  const order = orderEntries(chain.entries(), chain.root)
  return [...chain.roll().removedDevices.keys()].map((thief) => {
    const removal = order.findIndex(({ operations }) => operations.some((one) => one.type === 'remove-device' && one.device === thief))
    return { thief, past: removal === -1 ? order.slice(0, 1) : order.slice(0, removal) }
  })
}

test('whatever a removed device signs for itself on parents of before its removal changes nothing', () => {
  let tried = 0
  fc.assert(
    fc.property(steps, backdated(gains), (all, forged) => {
      const { chain } = runSteps(all, true)
      const [first] = removedDevices(chain)
      if (!first) return
      tried += 1
      const before = standing(chain.roll())
      backdate(chain, first.thief, first.past, forged)
      expect(standing(chain.roll())).toEqual(before)
    }),
    { numRuns },
  )
  expect(tried).toBeGreaterThan(numRuns / 4)
})

test('nor can it take anything from those who were there before it', () => {
  fc.assert(
    fc.property(steps, backdated(fc.oneof(gains, takes, claims)), (all, forged) => {
      const { chain } = runSteps(all, true)
      // The youngest device, an administrator's, is removed by the founder who knows of everything.
      const added = chain.sign('thief', 'founder-laptop', chain.roll().heads.slice(0, 8), [
        addMember('mallory', ['administrator']),
        addDevice('mallory', 'mallory'),
      ])
      const isFounderThere = chain.roll().devices.has(keyNamed('mallory'))
      if (!isFounderThere) return
      const past = orderEntries(chain.entries(), chain.root).filter(({ hash }) => hash === added)
      chain.sign('removal', 'founder-laptop', [added], [removeDevice('mallory'), rekey('new', [...chain.roll().devices.keys()])])
      const before = standing(chain.roll())
      backdate(chain, keyNamed('mallory'), past, forged)
      expect(standing(chain.roll())).toEqual(before)
    }),
    { numRuns, examples: [[...swappedBefore]] },
  )
})

test('tending comes to an end: after it no removed device has the key and no current one lacks it', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { chain } = runSteps(all, true)
      for (let round = 0; ; round++) {
        const roll = chain.roll()
        const due = [...roll.devices.keys()].flatMap((by) => {
          const tending = needsTending(roll, by)
          return tending ? [{ by, tending }] : []
        })[0]
        if (!due) break
        expect(round).toBeLessThan(3)
        const { by, tending } = due
        const operation = tending.type === 'rekey' ? rekey(`tended-${round}`, tending.devices) : shareKey(tending.epoch, tending.devices)
        chain.sign(`tending-${round}`, by, roll.heads.slice(0, 8), [operation])
      }
      const { devices, epoch, removedDevices: gone } = chain.roll()
      if (!epoch) expect(gone.size).toBe(0)
      else expect([...epoch.holders].sort()).toEqual([...devices.keys()].sort())
    }),
    { numRuns: 150 },
  )
})

test('the order is the one of PROTOCOL.md, worked out slowly and word by word', () => {
  const devices = ['first', 'second', 'third', 'fourth'].map(keyNamed)
  // Somebody lets it in, perhaps two at once, and perhaps while its member is removed.
  const late = keyNamed('late')
  const authors = [...devices, late]
  const hostile = fc.oneof(
    fc.nat(3).map((n) => removeDevice(devices[n] ?? '')),
    fc.nat(3).map((n) => removeMember(devices[n] ?? '')),
    fc.nat(3).map((n) => changeRoles(devices[n] ?? '', ['scheduler'])),
    fc.nat(3).map((n) => changeRoles(devices[n] ?? '', ['administrator', 'clinician'])),
    fc.nat(3).map((n) => addDevice(late, devices[n] ?? '')),
    fc.constant(tier('premium')),
  )
  const written = fc.array(
    fc.record({ by: fc.nat(4), parents: fc.array(fc.nat(20), { minLength: 1, maxLength: 2 }), operation: hostile }),
    {
      minLength: 3,
      maxLength: 10,
    },
  )
  let rings = 0
  fc.assert(
    fc.property(written, (entries) => {
      const founding = devices.flatMap((name, at) => [addMember(name, at === 3 ? ['clinician'] : ['administrator']), addDevice(name, name)])
      const chain = createChain(founding, 'first')
      const hashes = [chain.root]
      for (const [number, { by, parents, operation }] of entries.entries()) {
        const on = new Set(parents.flatMap((parent) => hashes[parent % hashes.length] ?? []))
        hashes.push(chain.sign(`entry-${number}`, authors[by] ?? '', [...on], [operation]))
      }
      const order = orderEntries(chain.entries(), chain.root).map(({ hash }) => hash)
      expect(order).toEqual(slowOrder(chain.entries(), chain.root, authors))
      if (chain.roll().refusals.length > 1) rings += 1
    }),
    { numRuns: 250 },
  )
  expect(rings).toBeGreaterThan(20)
})
