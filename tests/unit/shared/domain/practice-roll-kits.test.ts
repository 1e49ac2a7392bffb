import type { Operation } from '@alcove/shared/domain/practice-chain'
import { isWorking, otherWorkingDevices } from '@alcove/shared/domain/practice-chain'
import { needsTending } from '@alcove/shared/domain/practice-roll'
import { describe, expect, it } from 'vitest'
import {
  addDevice,
  addMember,
  createChain,
  keyNamed,
  memberNamed,
  reasons,
  rekey,
  removeDevice,
  setRoom,
} from '../../../support/chain/chain-world.ts'

const addKit = (device: string, member: string) => ({ ...addDevice(device, member), use: 'recovery-kit' }) as Operation

function practice() {
  return createChain([
    addMember('founder', ['administrator', 'clinician']),
    addMember('chen', ['clinician']),
    addDevice('founder-laptop', 'founder'),
    addDevice('chen-laptop', 'chen'),
    setRoom('founder', 'room-1'),
  ])
}

describe('a recovery kit in the chain', () => {
  it('is a device of its maker’s line, which nobody counts or waits for', () => {
    const chain = practice()
    chain.sign('kit', 'founder-laptop', [chain.root], [addKit('kit', 'founder')])
    const roll = chain.roll()
    expect(roll.devices.get(keyNamed('kit'))).toMatchObject({ member: 'founder', line: 'founder-laptop', use: 'recovery-kit' })
    expect([...roll.devices.values()].filter(isWorking).map(({ key }) => key)).toEqual(['founder-laptop', 'chen-laptop'])
    expect(otherWorkingDevices(roll, keyNamed('founder-laptop')).map(({ key }) => key)).toEqual(['chen-laptop'])
  })

  it('lets a new device of its member in, which may have the room', () => {
    const chain = practice()
    const kit = chain.sign('kit', 'founder-laptop', [chain.root], [addKit('kit', 'founder')])
    chain.sign('restored', 'kit', [kit], [addDevice('fresh', 'founder')])
    const roll = chain.roll()
    expect(roll.devices.get(keyNamed('fresh'))?.line).toBe(roll.members.get(memberNamed('founder'))?.roomLine)
    expect(roll.devices.get(keyNamed('fresh'))).not.toHaveProperty('use')
  })

  it('is made by its own member alone', () => {
    const chain = practice()
    chain.sign('for another', 'founder-laptop', [chain.root], [addKit('kit', 'chen')])
    expect(reasons(chain)).toEqual(['add-device not-allowed'])
    expect(chain.roll().devices.has(keyNamed('kit'))).toBe(false)
  })

  it('does not administer a practice that has nobody at work any more', () => {
    const chain = practice()
    const kit = chain.sign('kit', 'founder-laptop', [chain.root], [addKit('kit', 'founder')])
    chain.sign('gone', 'founder-laptop', [kit], [removeDevice('founder-laptop')])
    expect(reasons(chain)).toEqual(['remove-device last-administrator'])
  })

  it('gets every new practice key as devices do, and none once it was taken back', () => {
    const chain = practice()
    const kit = chain.sign('kit', 'founder-laptop', [chain.root], [addKit('kit', 'founder')])
    const removed = chain.sign('removal', 'founder-laptop', [kit], [removeDevice('chen-laptop'), rekey('next', ['founder-laptop'])])
    expect(needsTending(chain.roll(), keyNamed('founder-laptop'))).toMatchObject({ type: 'share-key', devices: ['kit'] })
    chain.sign('taken back', 'founder-laptop', [removed], [removeDevice('kit'), rekey('newer', ['founder-laptop'])])
    const roll = chain.roll()
    expect(roll.removedDevices.has(keyNamed('kit'))).toBe(true)
    expect(roll.members.get(memberNamed('founder'))?.roomEpoch).toBe(0)
    expect(needsTending(roll, keyNamed('founder-laptop'))).toBeNull()
    chain.sign('found page', 'kit', [removed], [addDevice('thief', 'founder')])
    expect(chain.roll().devices.has(keyNamed('thief'))).toBe(false)
  })
})
