import { maxSharedEpochs } from '@alcove/shared/domain/practice-chain'
import {
  historyOf,
  isKeyPrivate,
  lackedBy,
  needsTending,
  pastKeyToShare,
  refusalsOf,
  sharedEpochs,
} from '@alcove/shared/domain/practice-roll'
import { describe, expect, it } from 'vitest'
import {
  addDevice,
  epochNamed,
  everybody,
  hashOf,
  keyNamed,
  memberNamed,
  newPractice,
  reasons,
  rekey,
  removeDevice,
  setRoom,
  shareKey,
  tier,
} from '../../../support/chain/chain-world.ts'

describe('rooms', () => {
  it('are made by their own clinician, count the devices that were lost since, and never come back', () => {
    const chain = newPractice()
    const first = chain.sign('a', 'clinician-laptop', [chain.root], [setRoom('clinician', 'room-1')])
    const lost = chain.sign('b', 'clinician-laptop', [first], [removeDevice('clinician-phone'), rekey('k1', everybody.slice(0, 3))])
    expect(chain.roll().members.get(memberNamed('clinician'))).toMatchObject({ roomKey: 'room-1', roomEpoch: 1 })
    const second = chain.sign('c', 'clinician-laptop', [lost], [setRoom('clinician', 'room-2')])
    expect(chain.roll().members.get(memberNamed('clinician'))).toMatchObject({ roomKey: 'room-2', roomEpoch: 0 })
    chain.sign('d', 'clinician-laptop', [second], [setRoom('clinician', 'room-1')])
    chain.sign('e', 'founder-laptop', [second], [setRoom('clinician', 'room-3')])
    chain.sign('f', 'desk-computer', [second], [setRoom('desk', 'room-4')])
    expect(reasons(chain).sort()).toEqual(['set-room impossible', 'set-room not-allowed', 'set-room not-allowed'])
    expect(chain.roll().members.get(memberNamed('clinician'))?.roomKey).toBe('room-2')
  })
})

describe('practice keys', () => {
  it('are made anew by a member only together with a device that it gives up', () => {
    const chain = newPractice()
    chain.sign('a', 'clinician-laptop', [chain.root], [rekey('k0', ['clinician-laptop'])])
    expect(chain.roll().epoch).toBeNull()
    chain.sign('b', 'clinician-laptop', [chain.root], [removeDevice('clinician-phone'), rekey('k1', everybody)])
    expect(chain.roll().epoch?.id).toBe('k1')
    expect(refusalsOf(newPractice().roll(), keyNamed('clinician-laptop'), [removeDevice('desk-computer'), rekey('k', [])])).toEqual([
      'not-allowed',
      'not-allowed',
    ])
    expect(refusalsOf(newPractice().roll(), keyNamed('clinician-laptop'), [removeDevice('clinician-phone'), rekey('k', [])])).toEqual([
      null,
      null,
    ])
  })

  it('that a removed device has are made anew by an administrator', () => {
    const chain = newPractice()
    chain.sign(
      'a',
      'founder-laptop',
      [chain.root],
      [
        removeDevice('clinician-phone'),
        rekey(
          'k1',
          everybody.filter((n) => n !== 'clinician-phone'),
        ),
      ],
    )
    chain.sign(
      'b',
      'second-laptop',
      [chain.root],
      [
        removeDevice('desk-computer'),
        rekey(
          'k2',
          everybody.filter((n) => n !== 'desk-computer'),
        ),
      ],
    )
    const roll = chain.roll()
    const left = ['founder-laptop', 'second-laptop', 'clinician-laptop']
    expect(needsTending(roll, keyNamed('founder-laptop'))).toEqual({ type: 'rekey', devices: left })
    expect(needsTending(roll, keyNamed('clinician-laptop'))).toBeNull()
    expect(needsTending(roll, keyNamed('desk-computer'))).toBeNull()
    chain.sign('c', 'founder-laptop', roll.heads, [rekey('k3', left)])
    for (const name of everybody) expect(needsTending(chain.roll(), keyNamed(name))).toBeNull()
    expect(chain.roll().epoch?.id).toBe('k3')
  })

  it('lead where others may be met only while nobody who was removed has them', () => {
    const chain = newPractice()
    const stay = everybody.filter((name) => name !== 'clinician-phone')
    expect(isKeyPrivate(chain.roll(), null)).toBe(true)
    const first = chain.sign('a', 'founder-laptop', [chain.root], [removeDevice('clinician-phone'), rekey('k1', stay)])
    expect(isKeyPrivate(chain.roll(), null)).toBe(false)
    expect(isKeyPrivate(chain.roll(), epochNamed('k1'))).toBe(true)
    const second = chain.sign('b', 'second-laptop', [first], [removeDevice('desk-computer')])
    expect(isKeyPrivate(chain.roll(), epochNamed('k1'))).toBe(false)
    chain.sign('c', 'second-laptop', [second], [rekey('k2', everybody.slice(0, 3))])
    expect(isKeyPrivate(chain.roll(), epochNamed('k2'))).toBe(true)
  })

  it('are due when a device was removed without one', () => {
    const chain = newPractice()
    chain.sign('a', 'founder-laptop', [chain.root], [removeDevice('clinician-phone')])
    expect(needsTending(chain.roll(), keyNamed('second-laptop'))?.type).toBe('rekey')
  })

  it('that do not open are made anew by an administrator, and passed on by nobody who has not got them', () => {
    const chain = newPractice()
    const left = everybody.filter((name) => name !== 'clinician-phone')
    const first = chain.sign('a', 'clinician-laptop', [chain.root], [removeDevice('clinician-phone'), rekey('garbled', left)])
    const added = chain.sign('b', 'founder-laptop', [first], [addDevice('founder-phone', 'founder')])
    const all = [...left, 'founder-phone']
    // What opens is each device's own knowledge: nothing is wrong for those for whom it does.
    expect(needsTending(chain.roll(), keyNamed('desk-computer'))).toMatchObject({ type: 'share-key' })
    expect(needsTending(chain.roll(), keyNamed('desk-computer'), true)).toBeNull()
    expect(needsTending(chain.roll(), keyNamed('second-laptop'), true)).toEqual({ type: 'rekey', devices: all })
    chain.sign('c', 'second-laptop', [added], [rekey('good', all)])
    expect(chain.roll()).toMatchObject({ epoch: { id: 'good' }, refusals: [] })
    for (const name of all) expect(needsTending(chain.roll(), keyNamed(name))).toBeNull()
  })

  it('are shared with a device that came while they were made, by any device that has them', () => {
    const chain = newPractice()
    const removal = chain.sign(
      'a',
      'founder-laptop',
      [chain.root],
      [removeDevice('clinician-phone'), rekey('k1', ['founder-laptop', 'desk-computer'])],
    )
    const added = chain.sign('b', 'second-laptop', [chain.root], [addDevice('second-phone', 'second')])
    const roll = chain.roll()
    const lacking = ['second-laptop', 'clinician-laptop', 'second-phone'].map(keyNamed)
    expect(needsTending(roll, keyNamed('desk-computer'))).toEqual({ type: 'share-key', epoch: 'k1', devices: lacking })
    expect(needsTending(roll, keyNamed('second-phone'))).toBeNull()
    const shared = chain.sign('c', 'desk-computer', [removal, added], [shareKey('k1', lacking), shareKey('unknown', lacking)])
    expect(reasons(chain)).toEqual(['share-key impossible'])
    for (const name of everybody) expect(needsTending(chain.roll(), keyNamed(name))).toBeNull()
    // Shared by mistake with a removed one: that is seen, and a new key is due.
    chain.sign('d', 'desk-computer', [shared], [shareKey('k1', ['clinician-phone'])])
    expect(needsTending(chain.roll(), keyNamed('founder-laptop'))?.type).toBe('rekey')
  })

  it('are shared also when another key has come since, with a device that was let in by somebody who did not know of them', () => {
    const chain = newPractice()
    const left = everybody.filter((name) => name !== 'clinician-phone')
    const first = chain.sign('a', 'founder-laptop', [chain.root], [removeDevice('clinician-phone'), rekey('k1', left)])
    const added = chain.sign('b', 'second-laptop', [chain.root], [addDevice('second-phone', 'second')])
    const remaining = [...left, 'second-phone'].filter((name) => name !== 'desk-computer')
    const second = chain.sign('c', 'founder-laptop', [first, added], [removeDevice('desk-computer'), rekey('k2', remaining)])
    const held = (...names: readonly string[]) => new Set(names.map(epochNamed))
    const me = keyNamed('founder-laptop')
    expect(needsTending(chain.roll(), me)).toBeNull()
    expect(pastKeyToShare(chain.roll(), me, held('k1', 'k2'))).toEqual({
      type: 'share-key',
      epoch: 'k1',
      devices: [keyNamed('second-phone')],
    })
    // By whoever has it; by nobody who was removed; and not while a new key is due, which comes first.
    expect(pastKeyToShare(chain.roll(), keyNamed('second-phone'), held('k2'))).toBeNull()
    expect(pastKeyToShare(chain.roll(), keyNamed('desk-computer'), held('k1'))).toBeNull()
    chain.sign('d', 'second-laptop', [second], [shareKey('k2', ['desk-computer'])])
    expect(pastKeyToShare(chain.roll(), me, held('k1', 'k2'))).toBeNull()
    chain.sign('e', 'founder-laptop', [hashOf('d')], [rekey('k3', remaining), shareKey('k1', ['second-phone'])])
    expect(reasons(chain)).toEqual([])
    expect(pastKeyToShare(chain.roll(), me, held('k1', 'k2', 'k3'))).toBeNull()
  })

  it('of long ago are not shared any more', () => {
    const chain = newPractice()
    let newest = chain.root
    for (let i = 0; i <= maxSharedEpochs; i++) newest = chain.sign(`rekey ${i}`, 'founder-laptop', [newest], [rekey(`k${i}`, everybody)])
    expect(sharedEpochs(chain.roll()).map(([epoch]) => epoch)).toEqual(
      Array.from({ length: maxSharedEpochs }, (_, i) => epochNamed(`k${i + 1}`)),
    )
    chain.sign('added', 'second-laptop', [newest], [addDevice('second-phone', 'second')])
    expect(pastKeyToShare(chain.roll(), keyNamed('founder-laptop'), new Set([epochNamed('k0')]))).toBeNull()
  })

  it('part the history: up to a new key under the one before', () => {
    const chain = newPractice()
    const a = chain.sign('a', 'founder-laptop', [chain.root], [tier('premium')])
    const b = chain.sign('b', 'founder-laptop', [a], [removeDevice('clinician-phone'), rekey('k1', ['founder-laptop'])])
    const c = chain.sign('c', 'founder-laptop', [b], [tier('off')])
    const history = historyOf(chain.entries(), chain.root)
    if (!history) throw new Error('founded')
    expect(history.epochs.map(({ epoch, entries }) => [epoch, entries.map(({ hash }) => hash)])).toEqual([
      [null, [chain.root, a, b]],
      [epochNamed('k1'), [c]],
    ])
    expect(lackedBy(history, [a]).map(({ hash }) => hash)).toEqual([b, c])
    expect(lackedBy(history, [c])).toEqual([])
    expect(lackedBy(history, [hashOf('unknown here')])).toHaveLength(4)
  })
})
