import type { DeviceKey } from '@alcove/shared/domain/ids'
import { otherWorkingDevices } from '@alcove/shared/domain/practice-chain'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { Clock, Stop, TabLock } from '../../ports.ts'
import type { ChainStore, DeviceLinks, Relay, SyncPlace, SyncStore, TabChannel } from '../../sync-ports.ts'
import { createDeviceNet, type DeviceNet } from './device-net.ts'
import { noLog } from '../log/log-state.ts'
import { createLogSync, type LogEngine } from '../log/log-sync.ts'
import type { LogSyncDeps } from '../log/log-context.ts'
import { createHandover, type Handover } from './handover.ts'
import { createPeerBook } from './peer-book.ts'
import type { PracticeSync, SyncState } from './sync-state.ts'
import { viewSync } from './sync-view.ts'
import { createTabs, type LogAsk, takeSyncLock } from './sync-tabs.ts'

/** Housekeeping of the chain: one device does it, the others see it done. */
const tendAfterMs = 500
const tendSpreadMs = 2500
/** An administrator's device that nobody has given the present key for so long, others or none being there, makes another. */
const keyPatienceMs = 5 * 60_000
/** "Last heard of" moves on the screen without anything else happening. */
const refreshMs = 60_000

export type PracticeSyncDeps = {
  readonly clock: Clock
  /** 0..1, for delays. */
  readonly random: () => number
  readonly store: SyncStore
  readonly chain: ChainStore
  readonly links: DeviceLinks
  readonly relay: Relay
  readonly tabLock: TabLock
  readonly tabs: TabChannel
  /** The practice's log on the server. Without: devices sync with each other alone. */
  readonly log?: Pick<LogSyncDeps, 'line' | 'keeping' | 'origin'>
  /** Asked anew for each connection. */
  readonly iceServers: () => readonly IceServer[]
}

/**
 * Keeps this practice's devices equal while they can reach each other. One tab of a browser does it; the others show what
 * that one sees. "Saved" never waits for any of it.
 */
export function createPracticeSync(deps: PracticeSyncDeps): PracticeSync {
  const { clock, store, chain } = deps
  const book = createPeerBook(clock, store)
  const listeners = new Set<(state: SyncState) => void>()
  const ownDeviceListeners = new Set<(message: { readonly from: DeviceKey; readonly body: string }) => void>()
  const stops: Stop[] = []
  let place: SyncPlace | null = null
  let unsynced = 0
  let offlineSinceAt: number | null = clock.now()
  let leading: Leading | null = null
  let leadersState: SyncState | null = null
  let logState = noLog
  let stopTending: Stop | null = null
  let waitsForKeySinceAt: number | null = null
  let isElsewhere = false
  let closed = false
  let state = view()

  const tabs = createTabs(deps.tabs, {
    isLeading: () => leading !== null,
    onState(next) {
      if (leading) return
      leadersState = next
      changed()
    },
    onAsked: () => tabs.tellState(state),
    onSend: (body, to) => leading && sendNow(body, to),
    onOwnDevice: tellOwnDevice,
    onHurry: () => hurryNow(),
    onLogAsk: askLog,
  })
  stops.push(
    tabs.close,
    store.watchPlace((next) => {
      place = next
      const waits = place !== null && place.epoch !== (place.roll.epoch?.id ?? null)
      waitsForKeySinceAt = waits ? (waitsForKeySinceAt ?? clock.now()) : null
      follow()
    }),
    store.watchUnsynced((count) => {
      unsynced = count
      changed()
    }),
    clock.every(refreshMs, () => {
      if (waitsForKeySinceAt !== null && clock.now() - waitsForKeySinceAt >= keyPatienceMs) planTending()
      changed()
    }),
  )
  void begin()

  async function begin(): Promise<void> {
    const release = await takeSyncLock(
      clock,
      deps.tabLock,
      () => closed,
      () => {
        isElsewhere = true
        tabs.askState()
        changed()
      },
    )
    if (!release) return
    stops.push(release)
    await book.load().catch(() => undefined)
    if (closed) return
    isElsewhere = false
    offlineSinceAt = clock.now()
    const net = createDeviceNet({
      ...deps,
      book,
      place: () => place,
      onOwnDevice: heardOwnDevice,
      onChange: changed,
      heads: () => leading?.log?.heads() ?? [],
      onHeads: (heads) => leading?.log?.heard(heads),
      isFromLog: (document) => leading?.log?.isTaking(document) ?? false,
    })
    const log = deps.log ? createLogSync({ ...deps, ...deps.log, tellHeads: net.tellHeads }) : null
    leading = { net, log, handover: null }
    log?.watch((next) => {
      logState = next
      changed()
    })
    follow()
  }

  // --- following the practice ------------------------------------------------------------------------------------------

  function follow(): void {
    if (leading && !closed) {
      leading.net.placeChanged()
      followHandover(leading)
      planTending()
    }
    changed()
  }

  /** Also on the last device that is left: the removed ones learn there that they are. */
  function followHandover(lead: NonNullable<typeof leading>): void {
    const isAlone =
      !place || otherWorkingDevices(place.roll, place.device.publicKey as DeviceKey).length + place.roll.removedDevices.size === 0
    const topic = isAlone ? null : (place?.handoverTopic ?? null)
    if (topic === (lead.handover?.topic ?? null)) return lead.handover?.handover.placeChanged()
    lead.handover?.handover.close()
    lead.handover = topic ? { topic, handover: createHandover({ ...deps, topic, place: () => place }) } : null
  }

  function planTending(): void {
    if (!place?.roll.devices.has(place.device.publicKey as DeviceKey) || place.roll.devices.size < 2) return
    stopTending ??= clock.after(tendAfterMs + deps.random() * tendSpreadMs, () => {
      stopTending = null
      const hasWaited = waitsForKeySinceAt !== null && clock.now() - waitsForKeySinceAt >= keyPatienceMs
      if (leading && !closed) void chain.tend(hasWaited).catch(() => undefined)
    })
  }

  // --- the screen --------------------------------------------------------------------------------------------------------

  function changed(): void {
    if (closed) return
    if (leading) {
      if (leading.net.isServerReached()) offlineSinceAt = null
      else offlineSinceAt ??= clock.now()
    }
    const next = view()
    if (sameState(state, next)) return
    state = next
    if (leading) tabs.tellState(state)
    for (const listener of [...listeners]) listener(state)
  }

  function view(): SyncState {
    if (isElsewhere && !leading) {
      return leadersState ? { ...leadersState, unsynced } : { line: { kind: 'other-tab' }, unsynced, devices: new Map(), log: noLog }
    }
    const sessions = leading?.net.sessions() ?? new Map<DeviceKey, boolean>()
    return viewSync({ place, offlineSinceAt, unsynced, sessions, heardAt: book.heardAt, log: logState })
  }

  // --- the log ---------------------------------------------------------------------------------------------------------

  function askLog(ask: LogAsk): void {
    const log = leading?.log
    if (!leading) tabs.askLog(ask)
    else if (ask.kind === 'enrol') log?.enrol(ask.code)
    else log?.[ask.kind]()
  }

  function hurryNow(): void {
    leading?.net.hurry()
    leading?.log?.hurry()
  }

  // --- my other devices --------------------------------------------------------------------------------------------------

  function sendNow(body: string, to: DeviceKey | null): void {
    if (!leading || !place) return
    for (const { key, member } of place.roll.devices.values()) {
      if (member === place.member && (to === null || to === key)) leading.net.sendTo(key, body)
    }
  }

  function heardOwnDevice(from: DeviceKey, body: string): void {
    tabs.tellOwnDevice(from, body)
    tellOwnDevice(from, body)
  }

  function tellOwnDevice(from: DeviceKey, body: string): void {
    for (const listener of [...ownDeviceListeners]) listener({ from, body })
  }

  return {
    log: {
      pause: () => askLog({ kind: 'pause' }),
      resume: () => askLog({ kind: 'resume' }),
      acknowledge: () => askLog({ kind: 'acknowledge' }),
      enrol: (code) => askLog({ kind: 'enrol', code }),
    },
    watch(listener) {
      listeners.add(listener)
      listener(state)
      return () => void listeners.delete(listener)
    },
    hurry() {
      if (leading) hurryNow()
      else tabs.hurry()
    },
    sendToOwnDevices(body, to) {
      if (leading) sendNow(body, to)
      else tabs.send(body, to)
    },
    watchOwnDevices(listener) {
      ownDeviceListeners.add(listener)
      return () => void ownDeviceListeners.delete(listener)
    },
    close() {
      closed = true
      stopTending?.()
      leading?.handover?.handover.close()
      leading?.net.close()
      leading?.log?.close()
      for (const stop of stops) stop()
    },
  }
}

type Leading = {
  readonly net: DeviceNet
  readonly log: LogEngine | null
  handover: { readonly topic: string; readonly handover: Handover } | null
}

function sameState(a: SyncState, b: SyncState): boolean {
  const isSameLine =
    a.line.kind === b.line.kind && (a.line.kind !== 'offline' || (b.line.kind === 'offline' && a.line.sinceAt === b.line.sinceAt))
  if (!isSameLine || a.log !== b.log || a.unsynced !== b.unsynced || a.devices.size !== b.devices.size) return false
  for (const [key, one] of a.devices) {
    const other = b.devices.get(key)
    if (one.online !== other?.online || one.settled !== other.settled || one.heardAt !== other.heardAt) return false
  }
  return true
}
