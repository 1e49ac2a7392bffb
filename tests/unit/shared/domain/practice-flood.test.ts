import { maxVoidEntries, worthKeeping } from '@alcove/shared/domain/practice-flood'
import { describe, expect, it } from 'vitest'
import { addDevice, addMember, createChain, keyNamed, memberNamed, removeDevice, tier } from '../../../support/chain/chain-world.ts'

function newPractice() {
  const chain = createChain([
    addMember('founder', ['administrator']),
    addDevice('founder-laptop', 'founder'),
    addDevice('lost-phone', 'founder'),
  ])
  const removal = chain.sign('removal', 'founder-laptop', [chain.root], [removeDevice('lost-phone')])
  let known = new Set(chain.entries().map(({ hash }) => hash))
  return {
    ...chain,
    removal,
    /** What was signed since the last call. */
    fresh() {
      const fresh = chain.entries().filter(({ hash }) => !known.has(hash))
      known = new Set(chain.entries().map(({ hash }) => hash))
      return fresh
    },
    flood: (name: string, count: number, by = 'lost-phone') =>
      Array.from({ length: count }, (_, i) => chain.sign(`${name} ${i}`, by, [chain.root], [addDevice(`${name} ${i}`, 'founder')])),
  }
}

describe('what another device brings of the chain', () => {
  it('is kept, also what a device wrote that was away when it was removed', () => {
    const chain = newPractice()
    const roll = chain.roll()
    chain.flood('late', 20)
    const fresh = chain.fresh()
    expect(worthKeeping(roll, fresh, 0)).toEqual(fresh)
  })

  it('is thrown away when a removed device signs without end', () => {
    const chain = newPractice()
    chain.flood('a', maxVoidEntries)
    chain.fresh()
    const roll = chain.roll()
    chain.flood('b', 30)
    chain.flood('c', 30, 'b 0')
    expect(worthKeeping(roll, chain.fresh(), 0)).toEqual([])
  })

  it('is thrown away when it waits for what never comes', () => {
    const chain = newPractice()
    const roll = chain.roll()
    chain.flood('b', 1, 'nobody')
    expect(worthKeeping(roll, chain.fresh(), maxVoidEntries)).toEqual([])
  })

  it('is kept in any flood when devices of the practice signed it, those that join with it, or when theirs builds on it', () => {
    const chain = newPractice()
    chain.flood('a', maxVoidEntries)
    chain.fresh()
    const roll = chain.roll()
    const [, ...junk] = chain.flood('b', 30)
    const known = chain.sign('heard before the removal', 'lost-phone', [chain.root], [tier('off')])
    const joins = chain.sign('joins', 'founder-laptop', [chain.removal, known], [addMember('kim', ['scheduler']), addDevice('desk', 'kim')])
    const speaks = chain.sign('speaks', 'desk', [joins], [{ type: 'rename-member', member: memberNamed('kim'), name: 'Kim' }])
    const kept = worthKeeping(roll, chain.fresh(), 0).map(({ hash }) => hash)
    expect(new Set(kept)).toEqual(new Set([known, joins, speaks]))
    expect(junk).toHaveLength(29)
    expect(roll.devices.has(keyNamed('lost-phone'))).toBe(false)
  })
})
