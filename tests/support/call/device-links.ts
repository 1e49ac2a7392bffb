import type { DeviceKey } from '@alcove/shared/domain/ids'
import { decodeOwnDeviceMessage, type OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import type { OwnDevice, OwnDevices } from '../../../pwa/src/features/session/own-devices.ts'

/** Sync between the devices of one clinician, as far as the session needs it. */
export type DeviceLinks = {
  join(key: DeviceKey, label: string): OwnDevices
  /** Whether this device reaches the others; false loses what is on the way, too. */
  setOnline(label: string, online: boolean): void
  /** The others know it no more, and it hears nothing any more. */
  remove(label: string): void
  /** What passed. */
  readonly said: { readonly from: string; readonly to: string; readonly message: OwnDeviceMessage }[]
  /** Drops messages for which this says true. */
  lose(which: (message: OwnDeviceMessage, from: string) => boolean): void
}

type Joined = {
  readonly key: DeviceKey
  readonly label: string
  online: boolean
  readonly watchers: Set<(devices: readonly OwnDevice[]) => void>
  readonly listeners: Set<(from: DeviceKey, message: OwnDeviceMessage) => void>
}

export function createDeviceLinks(): DeviceLinks {
  let all: Joined[] = []
  const said: DeviceLinks['said'] = []
  let isLost: (message: OwnDeviceMessage, from: string) => boolean = () => false

  function othersOf(mine: Joined): OwnDevice[] {
    return all
      .filter((one) => one !== mine)
      .map(({ key, label, online }) => ({ key, label, online: online && mine.online && all.includes(mine) }))
  }

  function tell(): void {
    for (const one of all) for (const watcher of [...one.watchers]) watcher(othersOf(one))
  }

  return {
    join(key, label) {
      const mine: Joined = { key, label, online: true, watchers: new Set(), listeners: new Set() }
      all.push(mine)
      queueMicrotask(tell)
      return {
        watch(listener) {
          mine.watchers.add(listener)
          listener(othersOf(mine))
          return () => void mine.watchers.delete(listener)
        },
        send(message, to) {
          for (const other of all.includes(mine) ? all : []) {
            if (other === mine || !mine.online || (to !== null && other.key !== to) || isLost(message, label)) continue
            const body = JSON.stringify(message)
            queueMicrotask(() => {
              const decoded = decodeOwnDeviceMessage(body)
              if (!decoded.ok) throw new Error(`Nobody can read ${body}`)
              if (!other.online || !mine.online) return
              said.push({ from: label, to: other.label, message: decoded.value })
              for (const listener of [...other.listeners]) listener(key, decoded.value)
            })
          }
        },
        listen(listener) {
          mine.listeners.add(listener)
          return () => void mine.listeners.delete(listener)
        },
      }
    },
    setOnline(label, online) {
      for (const one of all) if (one.label === label) one.online = online
      tell()
    },
    remove(label) {
      const gone = all.filter((one) => one.label === label)
      all = all.filter((one) => one.label !== label)
      tell()
      for (const one of gone) for (const watcher of [...one.watchers]) watcher(othersOf(one))
    },
    said,
    lose(which) {
      isLost = which
    },
  }
}
