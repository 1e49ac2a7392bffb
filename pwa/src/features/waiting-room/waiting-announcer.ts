import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Clock, Companion, Notifications, Page, Sound, Stop, Told } from '../../ports.ts'
import type { ClinicianRoom, ClinicianRoomState, WaitingEntry } from '../session/room-state.ts'
import { whoWaits } from './who-waits.ts'

/**
 * `blocked`: somebody waits and the browser lets no sound out; the screen shows what to do (S22). `quiet`: nobody waits,
 * or the extension rings in this page's place.
 */
export type AnnouncerState = { readonly sound: 'quiet' | 'ringing' | 'blocked' }

export type AnnouncerWords = {
  readonly title: string
  readonly body: string
  readonly tabTitle: (count: number, base: string) => string
}

export type WaitingAnnouncerDeps = {
  readonly room: Pick<ClinicianRoom, 'state' | 'subscribe' | 'askForAMoment'>
  readonly sound: Pick<Sound, 'ring' | 'canRing' | 'softTone' | 'unlock'>
  readonly notifications: Pick<Notifications, 'show'>
  readonly page: Pick<Page, 'isHidden' | 'watchVisibility' | 'setTitle' | 'setBadge'>
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly companion: Companion
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

/** `isHeard`: nothing is known against it. `playing`: null while the extension rings instead. */
type Ringing = { readonly stopChecks: Stop; isHeard: boolean; playing: Stop | null }

/** A sound that is blocked may be freed by any click; this is how often we look. */
const soundCheckMs = 2000

const notificationTag = 'alcove-waiting'

/**
 * Makes sure that a waiting person is noticed: a chime until answered, the tab's title, the badge, and a system
 * notification while the tab is hidden. Nothing it says holds a name, so it is the same while the screen is shared.
 * With the companion extension, only one of the two rings and notifies: the extension decides, and knows what a page cannot
 * (a muted tab, another browser tab that rings).
 */
export function createWaitingAnnouncer(deps: WaitingAnnouncerDeps): WaitingAnnouncer {
  const { room, sound, notifications, page, clock, companion } = deps
  const listeners = new Set<(state: AnnouncerState) => void>()
  let state: AnnouncerState = { sound: 'quiet' }
  let base = deps.baseTitle
  let ringing: Ringing | null = null
  let notified: { readonly guest: GuestKey | null; readonly stop: Stop } | null = null
  let others = room.state().unseenOthers
  let title = ''
  let badge = 0
  /** Those who were asked for a moment from outside the page: known, and not rung for any more. */
  let asked: ReadonlySet<GuestKey> = new Set()
  let told = ''
  let closed = false

  const stops = [
    room.subscribe(update),
    page.watchVisibility(() => {
      update(room.state())
      if (ringing) void check(ringing)
    }),
    companion.subscribe(() => update(room.state())),
    companion.listen((request) => {
      if (request === 'moment') askForAMoment()
    }),
  ]

  function update(now: ClinicianRoomState) {
    if (closed) return
    const announced = now.elsewhere ? null : now.announced
    if (asked.size > 0) asked = new Set(now.waiting.map(({ guest }) => guest).filter((guest) => asked.has(guest)))
    if (announced && !asked.has(announced.guest)) startRinging()
    else stopRinging()
    const arrived = !now.elsewhere && now.unseenOthers > others
    others = now.unseenOthers
    if (arrived && !silenced()) sound.softTone()
    notify(announced, arrived)
    count(people(now).length)
    settle()
  }

  function people(now: ClinicianRoomState): readonly WaitingEntry[] {
    return now.elsewhere ? [] : whoWaits(now, clock.now())
  }

  /** The extension rings, or another tab does. */
  function silenced(): boolean {
    const present = companion.state()
    return present.kind === 'present' && present.isQuiet
  }

  function startRinging() {
    if (ringing) return
    const begun: Ringing = { stopChecks: clock.every(soundCheckMs, () => void check(begun)), isHeard: true, playing: null }
    ringing = begun
    void check(begun)
  }

  function stopRinging() {
    ringing?.playing?.()
    ringing?.stopChecks()
    ringing = null
  }

  /** A promise that resolves proves nothing; `canRing` watches the audio clock. Looked at in silence, too, for the extension's sake. */
  async function check(one: Ringing) {
    const isHeard = (await sound.canRing()) === 'ok'
    if (ringing !== one) return
    if (isHeard && !one.isHeard) {
      one.playing?.()
      one.playing = null
    }
    one.isHeard = isHeard
    settle()
  }

  /** Makes the sound, the state and what the extension knows agree with what was found. */
  function settle() {
    if (ringing && silenced()) {
      ringing.playing?.()
      ringing.playing = null
    } else if (ringing) ringing.playing ??= sound.ring()
    if (!ringing || silenced()) set({ sound: 'quiet' })
    else set({ sound: ringing.isHeard ? 'ringing' : 'blocked' })
    tell({ type: 'waiting', people: Math.min(badge, 99), ring: !ringing ? 'none' : ringing.isHeard ? 'here' : 'needed' })
  }

  function tell(message: Told) {
    const text = JSON.stringify(message)
    if (text === told) return
    told = text
    companion.send(message)
  }

  /** *Give me a moment* in the extension's notification: everybody who waits reads it, and this page stops ringing for them. */
  function askForAMoment() {
    const waiting = people(room.state())
    asked = new Set(waiting.map(({ guest }) => guest))
    for (const { guest } of waiting) room.askForAMoment(guest)
    update(room.state())
  }

  function notify(announced: WaitingEntry | null, othersArrived: boolean) {
    const present = companion.state()
    // The extension speaks of those who are to be called; of others it knows the number alone.
    if (!page.isHidden() || (announced && present.kind === 'present' && present.notifies)) return takeBack()
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
      if (ringing) await check(ringing)
    },
    setBaseTitle(next) {
      base = next
      update(room.state())
    },
    close() {
      if (closed) return
      stopRinging()
      count(0)
      settle()
      closed = true
      takeBack()
      for (const stop of stops) stop()
      listeners.clear()
    },
  }
}
