import { asId, type AppointmentId, type CallId, type DeviceKey } from '@alcove/shared/domain/ids'
import { noSession, type SessionEvent } from '@alcove/shared/domain/session'
import { emptyWaitingRoom } from '@alcove/shared/domain/waiting-room'
import type { OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import { describe, expect, it } from 'vitest'
import type { OwnDevice } from '../../../../../pwa/src/features/session/own-devices.ts'
import { createRoomDevices } from '../../../../../pwa/src/features/session/room-devices.ts'

const [me, laptop, tablet] = ['phone', 'laptop', 'tablet'].map((name) => asId<DeviceKey>(name)) as [DeviceKey, DeviceKey, DeviceKey]
const callNamed = (name: string) => asId<CallId>(name)
const appointmentId = asId<AppointmentId>('appointment')

/** A phone without a session, and two other devices that talk to it. */
function createPhone() {
  let hear: (from: DeviceKey, message: OwnDeviceMessage) => void = () => undefined
  const said: (OwnDeviceMessage & { to: DeviceKey | null })[] = []
  const decided: SessionEvent[] = []
  const devices = createRoomDevices({
    now: () => 1000,
    ownDevices: {
      watch(listener) {
        listener([laptop, tablet].map((key): OwnDevice => ({ key, label: key, online: true })))
        return () => undefined
      },
      send: (message, to) => void said.push({ ...message, to }),
      listen(listener) {
        hear = listener
        return () => undefined
      },
    },
    me: () => me,
    clerk: () => ({ follow: () => undefined, last: () => ({ stamp: 0, sequence: 0 }) }) as never,
    session: { state: () => noSession, decide: (event: SessionEvent) => void decided.push(event) } as never,
    reception: { room: () => emptyWaitingRoom, find: () => undefined, wait: () => undefined },
    spent: { spare: () => undefined },
    send: () => true,
    isLinked: () => false,
    learn: async () => undefined,
    meet: async () => undefined,
    onInherited: () => undefined,
    onDevices: () => undefined,
    inTurn: async (task) => void (await task()),
    onChange: () => undefined,
  })
  devices.begin()
  return { devices, said, decided, hear: (from: DeviceKey, message: OwnDeviceMessage) => hear(from, message) }
}

function give(call: string): OwnDeviceMessage {
  const session = { call: callNamed(call), appointmentId, startedAt: 0, closesAt: 0, moves: 0, members: [], removed: [], restartOf: null }
  return { type: 'give', session: { kind: 'running', ...session }, stamp: 0, sequence: 0 }
}

describe('a session that is brought here', () => {
  it('is the one that was asked for, whatever another device gives meanwhile', async () => {
    const { devices, said, decided, hear } = createPhone()
    const session = { kind: 'running', call: callNamed('mine'), appointmentId, moves: 0 } as const
    hear(laptop, { type: 'session', tell: false, session })
    await Promise.resolve()
    const moving = devices.moveHere()
    expect(said.at(-1)).toEqual({ type: 'ask', call: 'mine', to: laptop })
    hear(laptop, give('mine'))
    // Asked for earlier, and given up.
    hear(tablet, give('mine'))
    hear(tablet, give('old'))
    devices.handedOver(callNamed('old'), me, [])
    expect(decided).toEqual([])
    devices.handedOver(callNamed('mine'), me, [])
    expect(await moving).toEqual({ ok: true, value: undefined })
    expect(decided).toMatchObject([{ type: 'take', session: { call: 'mine', moves: 1 } }])
  })
})
