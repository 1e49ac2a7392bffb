import { asId, type DeviceKey, type MemberId } from '@alcove/shared/domain/ids'
import type { OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import { expect, it } from 'vitest'
import { createOwnDevices, type OwnDevice } from '../../../../../pwa/src/features/session/own-devices.ts'
import { noLog } from '../../../../../pwa/src/features/log/log-state.ts'
import type { SyncState } from '../../../../../pwa/src/features/sync/sync-state.ts'
import type { PeopleState, PracticeDevice } from '../../../../../pwa/src/sync-ports.ts'

const [rivera, chen] = [asId<MemberId>('rivera'), asId<MemberId>('chen')]
const key = (name: string) => asId<DeviceKey>(name)
const device = (name: string, member: MemberId, isThis = false): PracticeDevice => ({
  key: key(name),
  member,
  label: name,
  addedAt: 1,
  isThis,
})

function setUp() {
  let tellPeople: (state: PeopleState | null) => void = () => undefined
  let tellSync: (state: SyncState) => void = () => undefined
  let hear: (message: { readonly from: DeviceKey; readonly body: string }) => void = () => undefined
  const sent: { readonly body: string; readonly to: DeviceKey | null }[] = []
  const devices = createOwnDevices({
    people: {
      watch(listener) {
        tellPeople = listener
        return () => undefined
      },
    },
    sync: {
      watch(listener) {
        tellSync = listener
        return () => undefined
      },
      sendToOwnDevices: (body, to) => void sent.push({ body, to }),
      watchOwnDevices(listener) {
        hear = listener
        return () => undefined
      },
    },
  })
  const seen: (readonly OwnDevice[])[] = []
  devices.watch((next) => void seen.push(next))
  return {
    devices,
    seen,
    sent,
    people: (all: readonly PracticeDevice[]) => tellPeople({ devices: all, reports: [], roomSince: null, room: 'none', roomAtRisk: false }),
    online(...names: readonly string[]) {
      const known = new Map(names.map((name) => [key(name), { online: true, settled: true, heardAt: null }]))
      tellSync({ line: { kind: 'synced' }, unsynced: 0, devices: known, log: noLog })
    },
    hear: (from: string, body: string) => hear({ from: key(from), body }),
  }
}

it('my other devices are those of my own member, named by the chain, online as sync says', () => {
  const { seen, people, online } = setUp()
  people([device('laptop', rivera, true), device('phone', rivera), device("Chen's laptop", chen)])
  expect(seen.at(-1)).toEqual([{ key: 'phone', label: 'phone', online: false }])
  online('phone', "Chen's laptop")
  expect(seen.at(-1)).toEqual([{ key: 'phone', label: 'phone', online: true }])
  const times = seen.length
  online('phone')
  expect(seen).toHaveLength(times)
  people([device('laptop', rivera, true)])
  expect(seen.at(-1)).toEqual([])
})

it('what they say is decoded, and what cannot be was never said', () => {
  const { devices, sent, hear } = setUp()
  const heard: unknown[] = []
  devices.listen((from, message) => void heard.push({ from, message }))
  const message: OwnDeviceMessage = { type: 'session', tell: true, session: { kind: 'none' } }
  devices.send(message, key('phone'))
  expect(sent).toEqual([{ body: JSON.stringify(message), to: 'phone' }])
  for (const body of ['', '{', '{"type":"session"}', `{"type":"taken","call":"${'x'.repeat(70_000)}"}`]) hear('phone', body)
  hear('phone', JSON.stringify({ ...message, more: 1 }))
  expect(heard).toEqual([])
  hear('phone', JSON.stringify(message))
  expect(heard).toEqual([{ from: 'phone', message }])
})

it('my devices that are called the same are told apart, this one counted too', () => {
  const { seen, people } = setUp()
  const same = (name: string, isThis = false) => ({ ...device(name, rivera, isThis), label: 'Chrome on Linux' })
  people([same('laptop', true), same('desk'), same('home')])
  expect(seen.at(-1)?.map(({ key, label }) => [key, label])).toEqual([
    ['desk', 'Chrome on Linux (2)'],
    ['home', 'Chrome on Linux (3)'],
  ])
})
