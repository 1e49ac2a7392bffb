import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import { otherWorkingDevices } from '@alcove/shared/domain/practice-chain'
import { isKeyPrivate } from '@alcove/shared/domain/practice-roll'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { LogHead } from '../log/log-context.ts'
import type { Clock, Stop } from '../../ports.ts'
import type { ChainStore, DeviceChannel, DeviceLinks, SyncPlace, SyncStore } from '../../sync-ports.ts'
import { createAsking } from './asking.ts'
import { createDeviceSession, type DeviceSession, type DeviceSessionEvent } from './device-session.ts'
import type { PeerBook } from './peer-book.ts'
import { createStoredNotices } from './stored-notices.ts'

/** When the practice document could not be stored here (a full disk), y-webrtc is asked for it again. */
const reopenAfterMs = 30_000
/** Waking tabs and networks that come and go say so several times. */
const hurryEveryMs = 3_000

export type DeviceNetDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly store: SyncStore
  readonly chain: ChainStore
  readonly links: DeviceLinks
  readonly iceServers: () => readonly IceServer[]
  readonly book: PeerBook
  readonly place: () => SyncPlace | null
  readonly onOwnDevice: (from: DeviceKey, body: string) => void
  readonly heads: () => readonly LogHead[]
  readonly onHeads: (heads: readonly LogHead[]) => void
  /** A change of this document that comes now comes from the log on the server. */
  readonly isFromLog: (document: DocumentId) => boolean
  /** Devices came or went, or are settled; or the server. */
  readonly onChange: () => void
}

/** The connections to the practice's other devices, on the topic of the practice key that is held now. */
export type DeviceNet = {
  placeChanged(): void
  /** Proven devices that are connected, and whether everything is exchanged with them. */
  sessions(): ReadonlyMap<DeviceKey, boolean>
  isServerReached(): boolean
  sendTo(device: DeviceKey, body: string): void
  /** To all that are settled: where this device stands in the logs on the server. */
  tellHeads(heads: readonly LogHead[]): void
  hurry(): void
  close(): void
}

export function createDeviceNet(deps: DeviceNetDeps): DeviceNet {
  const { clock, store } = deps
  const asking = createAsking(clock)
  const sessions = new Set<DeviceSession>()
  const notices = createStoredNotices(clock, store, (document, vector) => {
    for (const session of sessions) session.tell(document, vector)
  })
  let link: { readonly topic: string; stop: Stop; readonly openedAt: number } | null = null
  let stopReopen: Stop | null = null
  let isServerReached = false
  let closed = false
  const stopUpdates = store.watchUpdates((change) => {
    const isPractice = change.document === store.practiceDocument()
    if (isPractice || change.from === 'sync') notices.changed(change.document)
    else notices.changedHere(change.document)
    for (const session of sessions) {
      // y-webrtc brings the practice document; the channel looks after what does not get through there.
      if (isPractice) session.passOn(change.document)
      else if (change.from === 'here') session.made(change)
      // Somebody here may not reach the log.
      else if (deps.isFromLog(change.document)) session.passOn(change.document)
    }
  })

  // --- the link ------------------------------------------------------------------------------------------------------

  function follow(): void {
    const place = deps.place()
    const topic = place && mayMeet(place) ? place.topic : null
    if (topic !== (link?.topic ?? null)) reopen()
    for (const session of [...sessions]) session.placeChanged()
  }

  /** Somebody else is there, and nobody who was removed: y-webrtc gives the practice document to whoever knows the topic. */
  function mayMeet({ roll, device, epoch }: SyncPlace): boolean {
    const me = device.publicKey as DeviceKey
    return otherWorkingDevices(roll, me).length > 0 && roll.devices.has(me) && isKeyPrivate(roll, epoch)
  }

  function reopen(): void {
    shut()
    const place = deps.place()
    if (!place || closed || !mayMeet(place)) return
    const { topic, password } = place
    const opened: NonNullable<typeof link> = { topic, stop: () => undefined, openedAt: clock.now() }
    link = opened
    opened.stop = deps.links.open({
      topic,
      password,
      iceServers: deps.iceServers,
      document: {
        read: () => store.updateFor(store.practiceDocument(), null),
        apply: (update) => void applyPractice(update),
        watch: (listener) =>
          store.watchUpdates(({ document, update }) => {
            if (document === store.practiceDocument()) listener(update)
          }),
      },
      listen: (event) => {
        if (link !== opened) return event.type === 'channel' ? event.channel.close() : undefined
        if (event.type === 'channel') return meet(event.channel)
        isServerReached = event.connected
        deps.onChange()
      },
    })
  }

  function shut(): void {
    const before = link
    link = null
    isServerReached = false
    stopReopen?.()
    stopReopen = null
    for (const session of [...sessions]) session.close()
    before?.stop()
  }

  async function applyPractice(update: Uint8Array<ArrayBuffer>): Promise<void> {
    const applied = await store.apply(store.practiceDocument(), update).catch(() => null)
    if (applied?.ok || closed || !link || (applied && applied.error === 'broken')) return
    stopReopen ??= clock.after(reopenAfterMs, reopen)
  }

  // --- the devices ---------------------------------------------------------------------------------------------------

  function meet(channel: DeviceChannel): void {
    const me = deps.place()?.device
    if (!me) return channel.close()
    const session: DeviceSession = createDeviceSession({
      ...deps,
      me,
      asking,
      channel,
      markOf: deps.book.markOf,
      tellStored: notices.tellNow,
      listen: (event) => hear(session, event),
    })
    sessions.add(session)
  }

  function hear(session: DeviceSession, event: DeviceSessionEvent): void {
    switch (event.type) {
      case 'in':
        // It has a new connection: the old one is dead, only not known to be.
        for (const other of [...sessions]) if (other !== session && other.device() === event.device) other.close()
        deps.book.noteHeard(event.device)
        return deps.onChange()
      case 'heard':
        return deps.book.noteHeard(event.device)
      case 'mark':
        return deps.book.noteMark(event.device, event.mark)
      case 'grew':
        return grew(session, event.document)
      case 'own-device':
        return deps.onOwnDevice(event.from, event.body)
      case 'changed':
        return deps.onChange()
      case 'closed':
        sessions.delete(session)
        deps.onChange()
    }
  }

  function grew(source: DeviceSession, document: DocumentId): void {
    notices.changed(document)
    for (const session of sessions) if (session !== source) session.passOn(document)
  }

  function inSessions(): [DeviceKey, DeviceSession][] {
    return [...sessions].flatMap((session): [DeviceKey, DeviceSession][] => {
      const device = session.device()
      return device ? [[device, session]] : []
    })
  }

  return {
    placeChanged: follow,
    sessions: () => new Map(inSessions().map(([device, session]) => [device, session.isSettled()])),
    isServerReached: () => isServerReached,
    sendTo(device, body) {
      for (const [key, session] of inSessions()) if (key === device) session.sendToOwnDevice(body)
    },
    tellHeads(heads) {
      for (const session of sessions) session.tellHeads(heads)
    },
    hurry() {
      // Devices that are connected stay so while the server is gone, and could not find each other again.
      if (link && !isServerReached && inSessions().length === 0 && Math.abs(clock.now() - link.openedAt) >= hurryEveryMs) reopen()
    },
    close() {
      closed = true
      stopUpdates()
      shut()
      notices.close()
    },
  }
}
