import type { DeviceKey } from '@alcove/shared/domain/ids'
import { decodeOwnDeviceMessage, type OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import type { Stop } from '../../ports.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { deviceLabels } from '../people/device-labels.ts'
import type { PracticeSync } from '../sync/sync-state.ts'

/** Another device of mine. */
export type OwnDevice = { readonly key: DeviceKey; readonly label: string; readonly online: boolean }

/** My other devices, and what they and this one tell each other. */
export type OwnDevices = {
  /** At once, then after every change. */
  watch(listener: (devices: readonly OwnDevice[]) => void): Stop
  /** To one, or to all that are online; nothing is queued. */
  send(message: OwnDeviceMessage, to: DeviceKey | null): void
  listen(listener: (from: DeviceKey, message: OwnDeviceMessage) => void): Stop
}

export type OwnDevicesDeps = {
  readonly people: Pick<PeopleRepository, 'watch'>
  readonly sync: Pick<PracticeSync, 'watch' | 'sendToOwnDevices' | 'watchOwnDevices'>
}

/** Names come from the signed chain; who is online, from sync. What does not decode was never said. */
export function createOwnDevices({ people, sync }: OwnDevicesDeps): OwnDevices {
  return {
    watch(listener) {
      let mine: readonly Omit<OwnDevice, 'online'>[] = []
      let online: (key: DeviceKey) => boolean = () => false
      let told = ''
      function tell(): void {
        const devices = mine.map(({ key, label }) => ({ key, label, online: online(key) }))
        const shape = JSON.stringify(devices)
        if (shape === told) return
        told = shape
        listener(devices)
      }
      const stopPeople = people.watch((state) => {
        const all = state?.devices ?? []
        const me = all.find((device) => device.isThis)?.member
        const labels = deviceLabels(all)
        mine = all.filter((device) => device.member === me && !device.isThis).map(({ key }) => ({ key, label: labels.get(key) ?? '' }))
        tell()
      })
      const stopSync = sync.watch(({ devices }) => {
        online = (key) => devices.get(key)?.online ?? false
        tell()
      })
      return () => {
        stopPeople()
        stopSync()
      }
    },
    send: (message, to) => sync.sendToOwnDevices(JSON.stringify(message), to),
    listen: (listener) =>
      sync.watchOwnDevices(({ from, body }) => {
        const message = decodeOwnDeviceMessage(body)
        if (message.ok) listener(from, message.value)
      }),
  }
}

/** For a device that has no sync: nobody is there. */
export const noOwnDevices: OwnDevices = {
  watch(listener) {
    listener([])
    return () => undefined
  },
  send: () => undefined,
  listen: () => () => undefined,
}
