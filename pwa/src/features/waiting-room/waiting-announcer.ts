import { startWindow } from '@alcove/shared/domain/eligibility'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Clock, Notifications, Page, Sound, Stop } from '../../ports.ts'
import type { ClinicianRoom, ClinicianRoomState, WaitingEntry } from '../session/room-state.ts'

/** `blocked`: somebody waits and the browser lets no sound out; the screen shows what to do (S22). */
export type AnnouncerState = { readonly sound: 'quiet' | 'ringing' | 'blocked' }

export type AnnouncerWords = {
  readonly title: string
  readonly body: string
  readonly tabTitle: (count: number, base: string) => string
}

export type WaitingAnnouncerDeps = {
  readonly room: Pick<ClinicianRoom, 'state' | 'subscribe'>
  readonly sound: Pick<Sound, 'ring' | 'canRing' | 'softTone' | 'unlock'>
  readonly notifications: Pick<Notifications, 'show'>
  readonly page: Pick<Page, 'isHidden' | 'watchVisibility' | 'setTitle' | 'setBadge'>
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly words: () => AnnouncerWords
  readonly baseTitle: string
}

export type WaitingAnnouncer = {
  state(): AnnouncerState
  /** Calls back at once, then after every change. */
  subscribe(listener: (state: AnnouncerState) => void): Stop
  /** From a click on "Turn on sound". */
  unblock(): Promise<void>
  /** The page's own title changed (another view). */
  setBaseTitle(title: string): void
  close(): void
}

/** A sound that is blocked may be freed by any click; this is how often we look. */
const soundCheckMs = 2000

const notificationTag = 'alcove-waiting'

/**
 * Makes sure that a waiting person is noticed: a chime until answered, the tab's title, the badge, and a system
 * notification while the tab is hidden. Nothing it says holds a name, so it is the same while the screen is shared.
 */
export function createWaitingAnnouncer(deps: WaitingAnnouncerDeps): WaitingAnnouncer {
  const { room, sound, notifications, page, clock } = deps
  const listeners = new Set<(state: AnnouncerState) => void>()
  let state: AnnouncerState = { sound: 'quiet' }
  let base = deps.baseTitle
  let ringing: { readonly stop: Stop; readonly stopChecks: Stop } | null = null
  let notified: { readonly guest: GuestKey | null; readonly stop: Stop } | null = null
  let others = room.state().unseenOthers
  let title = ''
  let badge = 0
  let closed = false

  const stopRoom = room.subscribe(update)
  const stopVisibility = page.watchVisibility(() => {
    update(room.state())
    if (ringing) void check()
  })
  update(room.state())

  function update(now: ClinicianRoomState) {
    if (closed) return
    const announced = now.elsewhere ? null : now.announced
    if (announced) startRinging()
    else stopRinging()
    const arrived = !now.elsewhere && now.unseenOthers > others
    others = now.unseenOthers
    if (arrived) sound.softTone()
    notify(announced, arrived)
    count(now.elsewhere ? 0 : waitingCount(now, clock.now()))
  }

  function startRinging() {
    if (ringing) return
    ringing = { stop: sound.ring(), stopChecks: clock.every(soundCheckMs, () => void check()) }
    set({ sound: 'ringing' })
    void check()
  }

  function stopRinging() {
    ringing?.stop()
    ringing?.stopChecks()
    ringing = null
    set({ sound: 'quiet' })
  }

  /** A promise that resolves proves nothing; `canRing` watches the audio clock. */
  async function check() {
    const heard = await sound.canRing()
    if (!ringing) return
    if (heard === 'ok' && state.sound === 'blocked') {
      ringing.stop()
      ringing = { ...ringing, stop: sound.ring() }
    }
    set({ sound: heard === 'ok' ? 'ringing' : 'blocked' })
  }

  function notify(announced: WaitingEntry | null, othersArrived: boolean) {
    if (!page.isHidden()) return takeBack()
    const stands = announced ? notified?.guest === announced.guest : !othersArrived && notified?.guest === null
    if (stands) return
    takeBack()
    if (!announced && !othersArrived) return
    const { title: heading, body } = deps.words()
    notified = { guest: announced?.guest ?? null, stop: notifications.show(heading, body, notificationTag) }
  }

  function takeBack() {
    notified?.stop()
    notified = null
  }

  function count(waiting: number) {
    const next = waiting === 0 ? base : deps.words().tabTitle(waiting, base)
    if (next !== title) page.setTitle(next)
    if (waiting !== badge) page.setBadge(waiting)
    title = next
    badge = waiting
  }

  function set(next: AnnouncerState) {
    if (next.sound === state.sound) return
    state = next
    for (const listener of listeners) listener(state)
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      listener(state)
      return () => void listeners.delete(listener)
    },
    async unblock() {
      await sound.unlock()
      await check()
    },
    setBaseTitle(next) {
      base = next
      update(room.state())
    },
    close() {
      if (closed) return
      stopRinging()
      count(0)
      closed = true
      takeBack()
      stopRoom()
      stopVisibility()
      listeners.clear()
    },
  }
}

/** People who wait now; those who opened a later appointment's link too early are called by nobody. */
function waitingCount(state: ClinicianRoomState, deviceNow: number): number {
  const now = deviceNow + state.clockOffsetMs
  return state.waiting.filter(
    ({ presence, appointment }) => presence === 'here' && (appointment === null || startWindow(appointment.startAt).opensAt <= now),
  ).length
}
