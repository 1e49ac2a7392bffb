import { type Appointment, isSessionType } from './appointment.ts'
import { startWindow } from './eligibility.ts'
import type { AppointmentId, CallId, GuestKey, PatientId } from './ids.ts'

/**
 * The clinician's waiting room, kept on the clinician's device: who waits, since when, for what, and who is announced.
 * People are known by their guest key; whatever the server forgets or repeats, they keep their place and ring once.
 */
export type LinkOwner =
  | { readonly kind: 'patient'; readonly patientId: PatientId; readonly recordName: string }
  /** The clinician's standing link (S24): anybody. */
  | { readonly kind: 'standing' }

/** A knock that was opened and whose proof of the link holds. */
export type Arrival = {
  readonly guest: GuestKey
  /** Hash of the sealed knock: tickets and notes answer it and no other. */
  readonly knock: string
  /** Random per page load of the guest. */
  readonly instance: string
  /** What the person typed. */
  readonly name: string
  readonly owner: LinkOwner
  readonly intent: 'arrive' | 'return' | 'restart'
  readonly call: CallId | null
}

export type Presence = { readonly kind: 'here' } | { readonly kind: 'away'; readonly sinceAt: number }

export type WaitingPerson = Arrival & {
  readonly firstSeenAt: number
  readonly presence: Presence
  /** This patient's saved appointments with this clinician, as far as they matter. */
  readonly appointments: readonly Appointment[]
  /** `pending`: to be announced in the middle of the screen. */
  readonly attention: 'pending' | 'answered'
  /** Came for something else than the running session: a mark on People, once, until it was looked at. */
  readonly mark: 'none' | 'unseen' | 'seen'
  /** What the person was last told, to tell it anew when it changes. */
  readonly told: Told | null
  /**
   * Another device of the clinician has answered this knock, or has the call it returns to: until then (epoch ms) it is
   * neither shown nor announced here. Null: nothing is known of that.
   */
  readonly quietUntilAt: number | null
}
export type Told = { readonly kind: 'early' | 'heard'; readonly startAt: number | null; readonly knock: string }

/** Lost their connection for good; coming back soon they have their old place and do not ring again. */
export type Departed = Pick<WaitingPerson, 'guest' | 'firstSeenAt' | 'attention' | 'mark'> & { readonly departedAt: number }

export type WaitingRoom = {
  /** Ordered by `firstSeenAt`. */
  readonly people: readonly WaitingPerson[]
  readonly departed: readonly Departed[]
  /** Stays the same until it is answered: nothing changes under the pointer. */
  readonly announced: GuestKey | null
  /** The appointment of the running session. */
  readonly running: AppointmentId | null
  /** The ended call that may be restarted; who comes back for it is no new arrival. */
  readonly restartable: CallId | null
  /** Calls that run or have ended on the clinician's other devices: whoever returns to one is theirs. */
  readonly claimed: readonly CallId[]
}

export type WaitingRoomEvent =
  | {
      readonly type: 'arrived'
      readonly arrival: Arrival
      readonly appointments: readonly Appointment[]
      readonly present: boolean
      /** How long a new knock for a call of another device may take to be answered there; 0 without other devices. */
      readonly patienceMs: number
      readonly at: number
    }
  /** Another device of the clinician says that it has answered this knock. The server's word makes it final. */
  | { readonly type: 'answered-elsewhere'; readonly guest: GuestKey; readonly knock: string; readonly at: number }
  | { readonly type: 'claimed'; readonly calls: readonly CallId[]; readonly at: number }
  | { readonly type: 'presence'; readonly guest: GuestKey; readonly presence: 'away' | 'back' | 'left'; readonly at: number }
  /** The server (perhaps a new one) says whom it knows; the others have 20 s to come back. */
  | { readonly type: 'listed'; readonly guests: readonly GuestKey[]; readonly at: number }
  /** The schedule changed or was read anew. */
  | { readonly type: 'appointments'; readonly patientId: PatientId; readonly appointments: readonly Appointment[]; readonly at: number }
  | { readonly type: 'context'; readonly running: AppointmentId | null; readonly restartable: CallId | null; readonly at: number }
  /** Accepted, declined or turned away: no longer waits. */
  | { readonly type: 'settled'; readonly guest: GuestKey; readonly at: number }
  | { readonly type: 'announcement-dismissed'; readonly at: number }
  | { readonly type: 'others-seen'; readonly at: number }
  | { readonly type: 'tick'; readonly at: number }

export type WaitingRoomEffect =
  | { readonly type: 'tell-heard'; readonly guest: GuestKey; readonly startAt: number | null }
  | { readonly type: 'tell-early'; readonly guest: GuestKey; readonly startAt: number; readonly opensAt: number }

export type WaitingRoomStep = { readonly state: WaitingRoom; readonly effects: readonly WaitingRoomEffect[] }

/** How long somebody whose connection is lost keeps the place. The server's grace is as long. */
export const absenceMs = 20_000
/** How long the place of somebody who was dropped is remembered. */
export const departedMs = 2 * 60_000
/** How long the server's word may follow another device's. After that whoever still waits rings here again. */
export const answeredElsewhereMs = 5_000

export const emptyWaitingRoom: WaitingRoom = {
  people: [],
  departed: [],
  announced: null,
  running: null,
  restartable: null,
  claimed: [],
}

/** S32, and what follows from where a person belongs. */
export type WaitingPlace = {
  readonly group: 'waiting' | 'guest' | 'upcoming'
  readonly appointment: Appointment | null
  /** May be announced and accepted without asking back. */
  readonly belongsHere: boolean
  /** The window of the next appointment is not open yet: nobody is called. */
  readonly early: boolean
}

/** Where a waiting person belongs at this instant (epoch ms). */
export function placeOf(person: WaitingPerson, running: AppointmentId | null, at: number): WaitingPlace {
  if (person.owner.kind === 'standing') return { group: 'guest', appointment: null, belongsHere: true, early: false }
  const { appointment, open } = findAppointment(person.appointments, running, at)
  const belongsHere = running === null || appointment?.id === running
  const early = appointment !== null && !open
  return { group: early || !belongsHere ? 'upcoming' : 'waiting', appointment, belongsHere, early }
}

/**
 * The appointment a patient comes for: the running one if it is theirs, else the current or next one whose window
 * (five hours to either side) is open, else the next one at all.
 */
export function findAppointment(
  appointments: readonly Appointment[],
  running: AppointmentId | null,
  at: number,
): { readonly appointment: Appointment | null; readonly open: boolean } {
  const ours = appointments.find((appointment) => appointment.id === running)
  if (ours) return { appointment: ours, open: true }
  const possible = appointments
    .filter((a) => isSessionType(a.type) && a.useTelehealth && a.status !== 'noshow' && a.status !== 'cancelled')
    .sort((a, b) => a.startAt - b.startAt)
  const open = possible.filter((a) => startWindow(a.startAt).opensAt <= at && at <= startWindow(a.startAt).closesAt)
  const current = open.find((a) => a.endAt > at && a.status !== 'fulfilled') ?? open.at(-1)
  if (current) return { appointment: current, open: true }
  return { appointment: possible.find((a) => a.startAt > at) ?? null, open: false }
}

/** What a person's knock said, without what the waiting room keeps about them. */
export function arrivalOf({ guest, knock, instance, name, owner, intent, call }: WaitingPerson): Arrival {
  return { guest, knock, instance, name, owner, intent, call }
}

export function isRestarting(person: Arrival, restartable: CallId | null): boolean {
  return person.intent === 'restart' && person.call !== null && person.call === restartable
}

/** The business of another device of the clinician, for now. */
export function isQuiet({ intent, call, quietUntilAt }: WaitingPerson, claimed: WaitingRoom['claimed'], at: number): boolean {
  if (quietUntilAt !== null && at < quietUntilAt) return true
  return intent !== 'arrive' && call !== null && claimed.includes(call)
}

/** How many came for something else since People was last looked at. */
export function unseenOthers(room: WaitingRoom): number {
  return room.people.filter((person) => person.mark === 'unseen').length
}

export function waitIn(room: WaitingRoom, event: WaitingRoomEvent): WaitingRoomStep {
  const changed = change(room, event)
  // Only ticks drop people: they stop while the clinician's own connection is lost.
  const dropped = event.type === 'tick' ? dropAbsent(changed, event.at) : changed
  return tell(announce(markOthers(dropped, event.at), event.at), event.at)
}

function change(room: WaitingRoom, event: WaitingRoomEvent): WaitingRoom {
  switch (event.type) {
    case 'arrived':
      return arrive(room, event)
    case 'answered-elsewhere':
      return update(
        room,
        (p) => p.guest === event.guest && p.knock === event.knock,
        (p) => ({ ...p, quietUntilAt: event.at + answeredElsewhereMs }),
      )
    case 'claimed':
      return { ...room, claimed: event.calls }
    case 'presence': {
      const { guest, presence, at } = event
      if (presence === 'left') return leave(room, guest, at)
      return update(
        room,
        (p) => p.guest === guest,
        (p) => ({ ...p, presence: presenceOf(p, presence === 'back', at) }),
      )
    }
    case 'listed':
      // Until now nobody could know who was there, so the time to come back begins now.
      return update(
        room,
        () => true,
        (p) => ({ ...p, presence: presenceOf(undefined, event.guests.includes(p.guest), event.at) }),
      )
    case 'appointments':
      return update(
        room,
        (p) => p.owner.kind === 'patient' && p.owner.patientId === event.patientId,
        (p) => ({ ...p, appointments: event.appointments }),
      )
    case 'context':
      return changeContext(room, event.running, event.restartable, event.at)
    case 'settled':
      return { ...room, people: room.people.filter((p) => p.guest !== event.guest) }
    case 'announcement-dismissed':
      return update(
        { ...room, announced: null },
        (p) => p.guest === room.announced,
        (p) => ({ ...p, attention: 'answered' }),
      )
    case 'others-seen':
      return update(
        room,
        () => true,
        (p) => ({ ...p, mark: p.mark === 'unseen' ? 'seen' : p.mark }),
      )
    case 'tick':
      return { ...room, departed: room.departed.filter((d) => event.at - d.departedAt < departedMs) }
  }
}

function arrive(room: WaitingRoom, event: Extract<WaitingRoomEvent, { type: 'arrived' }>): WaitingRoom {
  const { arrival, appointments, present, patienceMs, at } = event
  const known = room.people.find((p) => p.guest === arrival.guest)
  const before = known ?? room.departed.find((d) => d.guest === arrival.guest && at - d.departedAt < departedMs)
  const person: WaitingPerson = {
    ...arrival,
    appointments,
    firstSeenAt: before?.firstSeenAt ?? at,
    attention: before?.attention ?? 'pending',
    mark: before?.mark ?? 'none',
    presence: present ? { kind: 'here' } : presenceOf(known, false, at),
    told: known?.told ?? null,
    quietUntilAt: known?.knock === arrival.knock ? known.quietUntilAt : quietAtFirst(arrival, room.restartable, patienceMs, at),
  }
  const others = room.people.filter((p) => p.guest !== arrival.guest)
  return {
    ...room,
    people: [...others, person].sort((a, b) => a.firstSeenAt - b.firstSeenAt),
    departed: room.departed.filter((d) => d.guest !== arrival.guest),
  }
}

/** Somebody who returns to a call that is not this device's: another one may have it, and gets a moment to say so. */
function quietAtFirst(arrival: Arrival, restartable: CallId | null, patienceMs: number, at: number): number | null {
  if (patienceMs === 0 || arrival.intent === 'arrive' || isRestarting(arrival, restartable)) return null
  return at + patienceMs
}

/** Somebody who goes on purpose is forgotten; somebody whose connection was lost first is remembered for a while. */
function leave(room: WaitingRoom, guest: GuestKey, at: number): WaitingRoom {
  const person = room.people.find((p) => p.guest === guest)
  if (!person) return room
  const people = room.people.filter((p) => p.guest !== guest)
  if (person.presence.kind === 'here') return { ...room, people }
  const { firstSeenAt, attention, mark } = person
  return { ...room, people, departed: [...room.departed, { guest, firstSeenAt, attention, mark, departedAt: at }] }
}

function changeContext(room: WaitingRoom, running: AppointmentId | null, restartable: CallId | null, at: number): WaitingRoom {
  const next = { ...room, running, restartable }
  if (running === null || running === room.running) return next
  // A session begins: whoever waits for it is announced in it, with Accept, however they were announced before.
  return update(
    next,
    (p) => placeOf(p, running, at).belongsHere,
    (p) => ({ ...p, attention: 'pending', mark: 'none' }),
  )
}

function dropAbsent(room: WaitingRoom, at: number): WaitingRoom {
  const gone = room.people.filter((p) => p.presence.kind === 'away' && at - p.presence.sinceAt >= absenceMs)
  return gone.reduce((rest, person) => leave(rest, person.guest, at), room)
}

/** Whoever could be called but belongs to another session gets a mark instead. */
function markOthers(room: WaitingRoom, at: number): WaitingRoom {
  if (room.running === null) return room
  const isOther = (person: WaitingPerson) => {
    const place = placeOf(person, room.running, at)
    const quiet = isQuiet(person, room.claimed, at) || isRestarting(person, room.restartable)
    const callable = person.attention === 'pending' && !place.early && !quiet
    return callable && !place.belongsHere && person.mark === 'none'
  }
  return update(room, isOther, (p) => ({ ...p, mark: 'unseen' }))
}

function announce(room: WaitingRoom, at: number): WaitingRoom {
  const announceable = (person: WaitingPerson) => {
    const place = placeOf(person, room.running, at)
    const quiet = isQuiet(person, room.claimed, at) || isRestarting(person, room.restartable)
    return person.attention === 'pending' && place.belongsHere && !place.early && !quiet
  }
  const current = room.people.find((p) => p.guest === room.announced)
  if (current && announceable(current)) return room
  return { ...room, announced: room.people.find(announceable)?.guest ?? null }
}

/** Tells each person where they stand whenever that differs from what they were last told. */
function tell(room: WaitingRoom, at: number): WaitingRoomStep {
  const effects: WaitingRoomEffect[] = []
  const people = room.people.map((person) => {
    // A word to somebody who returns to another device's call would take them out of it.
    const theirs = isQuiet(person, room.claimed, at) || isRestarting(person, room.restartable)
    if (person.presence.kind === 'away' || theirs) return person
    const { appointment, early } = placeOf(person, room.running, at)
    const told: Told = { kind: early ? 'early' : 'heard', startAt: appointment?.startAt ?? null, knock: person.knock }
    const before = person.told
    if (before && before.kind === told.kind && before.startAt === told.startAt && before.knock === told.knock) return person
    const { guest } = person
    if (early && appointment) {
      effects.push({ type: 'tell-early', guest, startAt: appointment.startAt, opensAt: startWindow(appointment.startAt).opensAt })
    } else {
      effects.push({ type: 'tell-heard', guest, startAt: told.startAt })
    }
    return { ...person, told }
  })
  return { state: effects.length > 0 ? { ...room, people } : room, effects }
}

function presenceOf(person: WaitingPerson | undefined, here: boolean, at: number): Presence {
  if (here) return { kind: 'here' }
  return person?.presence.kind === 'away' ? person.presence : { kind: 'away', sinceAt: at }
}

function update(room: WaitingRoom, which: (person: WaitingPerson) => boolean, how: (person: WaitingPerson) => WaitingPerson): WaitingRoom {
  return room.people.some(which) ? { ...room, people: room.people.map((p) => (which(p) ? how(p) : p)) } : room
}
