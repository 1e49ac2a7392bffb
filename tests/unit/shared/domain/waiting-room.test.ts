import type { Appointment } from '@alcove/shared/domain/appointment'
import { startWindowMs } from '@alcove/shared/domain/eligibility'
import { asId, type AppointmentId, type CallId, type GuestKey, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
import {
  absenceMs,
  type Arrival,
  departedMs,
  emptyWaitingRoom,
  findAppointment,
  placeOf,
  unseenOthers,
  type WaitingRoom,
  type WaitingRoomEffect,
  type WaitingRoomEvent,
  waitIn,
} from '@alcove/shared/domain/waiting-room'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'

const hourMs = 60 * 60_000
const now = Date.UTC(2026, 10, 23, 15)
const key = (name: string) => asId<GuestKey>(name)

function appointment(id: string, startAt: number, change: Partial<Appointment> = {}): Appointment {
  return {
    id: asId<AppointmentId>(id),
    type: 'therapy-session',
    patientId: asId<PatientId>('sam'),
    clinicianId: asId<MemberId>('rivera'),
    start: { date: '2026-11-23', time: '10:00', zone: 'UTC' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + 50 * 60_000,
    firstStartAt: startAt,
    ...change,
  }
}

function arrival(name: string, change: Partial<Arrival> = {}): Arrival {
  return {
    guest: key(name),
    knock: `${name} knocks`,
    instance: `${name}'s page`,
    name,
    owner: { kind: 'patient', patientId: asId<PatientId>(name), recordName: name },
    intent: 'arrive',
    call: null,
    ...change,
  }
}

const standing = { owner: { kind: 'standing' } } as const

function room(...events: WaitingRoomEvent[]): { readonly room: WaitingRoom; readonly effects: readonly WaitingRoomEffect[] } {
  let state = emptyWaitingRoom
  const effects: WaitingRoomEffect[] = []
  for (const event of events) {
    const step = waitIn(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { room: state, effects }
}

const arrived = (who: Arrival, appointments: readonly Appointment[] = [appointment('ten', now + hourMs)], at = now): WaitingRoomEvent => ({
  type: 'arrived',
  arrival: who,
  appointments,
  present: true,
  patienceMs: 0,
  at,
})
const running = (id: string | null, at = now): WaitingRoomEvent => ({
  type: 'context',
  running: id === null ? null : asId<AppointmentId>(id),
  restartable: null,
  at,
})

describe('whose turn it is', () => {
  it('announces one at a time, first come first', () => {
    const both = [arrived(arrival('sam')), arrived(arrival('kim', standing), [], now + 1)]
    expect(room(...both).room.announced).toBe('sam')
    expect(room(...both, { type: 'announcement-dismissed', at: now }).room.announced).toBe('kim')
    expect(room(...both, { type: 'settled', guest: key('sam'), at: now }).room.announced).toBe('kim')
  })

  it('does not announce again who knocks again', () => {
    const again = room(
      arrived(arrival('sam')),
      { type: 'announcement-dismissed', at: now },
      arrived(arrival('sam', { knock: 'anew', instance: 'reloaded' }), [], now + 500),
    )
    expect(again.room.announced).toBeNull()
    expect(again.room.people).toMatchObject([{ firstSeenAt: now, knock: 'anew', instance: 'reloaded' }])
  })

  it('keeps who is announced while somebody earlier comes back', () => {
    const events: WaitingRoomEvent[] = [
      arrived(arrival('sam')),
      { type: 'presence', guest: key('sam'), presence: 'away', at: now },
      { type: 'tick', at: now + absenceMs },
      arrived(arrival('kim', standing), [], now + absenceMs + 1),
    ]
    expect(room(...events).room.announced).toBe('kim')
    const back = room(...events, arrived(arrival('sam'), [], now + absenceMs + 2))
    expect(back.room.people.map(({ guest }) => guest)).toEqual(['sam', 'kim'])
    expect(back.room.announced).toBe('kim')
  })

  it('in a session announces its own people and marks the others, once', () => {
    const ours = appointment('ten', now)
    const theirs = appointment('eleven', now + hourMs)
    const events = [running('ten'), arrived(arrival('robin'), [theirs])]
    expect(room(...events).room).toMatchObject({ announced: null, people: [{ mark: 'unseen' }] })
    expect(unseenOthers(room(...events).room)).toBe(1)
    const seen = room(...events, { type: 'others-seen', at: now }, arrived(arrival('robin', { knock: 'anew' }), [theirs]))
    expect(unseenOthers(seen.room)).toBe(0)
    expect(room(...events, arrived(arrival('sam'), [ours])).room.announced).toBe('sam')
    expect(room(...events, running(null)).room.announced).toBe('robin')
  })

  it('announces in the session who was dismissed before it began', () => {
    const events = [arrived(arrival('sam'), [appointment('ten', now)]), { type: 'announcement-dismissed', at: now } as const]
    expect(room(...events, running('ten')).room.announced).toBe('sam')
    // The same context once more, as after a reload, calls nobody again.
    expect(room(...events, running('ten'), { type: 'announcement-dismissed', at: now }, running('ten')).room.announced).toBeNull()
  })

  it('does not announce who comes for the restart of an ended session, until that is no longer possible', () => {
    const call = asId<CallId>('call')
    const context = (restartable: CallId | null): WaitingRoomEvent => ({ type: 'context', running: null, restartable, at: now })
    const wants = room(context(call), arrived(arrival('sam', { intent: 'restart', call })))
    expect(wants).toMatchObject({ room: { announced: null }, effects: [] })
    const ordinary = waitIn(wants.room, context(null))
    expect(ordinary).toMatchObject({ state: { announced: 'sam' }, effects: [{ type: 'tell-heard' }] })
  })
})

describe('presence', () => {
  it('keeps the place of an absent person for 20 s, and not a millisecond longer', () => {
    const away = [arrived(arrival('sam')), { type: 'presence', guest: key('sam'), presence: 'away', at: now } as const]
    expect(room(...away, { type: 'tick', at: now + absenceMs - 1 }).room.people).toHaveLength(1)
    expect(room(...away, { type: 'tick', at: now + absenceMs }).room.people).toHaveLength(0)
  })

  it('drops nobody but by a tick: they stop while nobody can be seen', () => {
    const away = [arrived(arrival('sam')), { type: 'presence', guest: key('sam'), presence: 'away', at: now } as const]
    expect(room(...away, running('ten', now + hourMs)).room.people).toHaveLength(1)
  })

  it('gives everybody the full time to come back to a server that forgot them', () => {
    const lost = [arrived(arrival('sam')), { type: 'presence', guest: key('sam'), presence: 'away', at: now } as const]
    const listed = { type: 'listed', guests: [], at: now + hourMs } as const
    expect(room(...lost, listed, { type: 'tick', at: now + hourMs + absenceMs - 1 }).room.people).toHaveLength(1)
  })

  it('remembers the place of who was cut off, not of who left', () => {
    const cutOff = room(
      arrived(arrival('sam')),
      { type: 'presence', guest: key('sam'), presence: 'away', at: now },
      { type: 'presence', guest: key('sam'), presence: 'left', at: now + absenceMs },
      arrived(arrival('sam'), [], now + absenceMs + departedMs - 1),
    )
    expect(cutOff.room.people).toMatchObject([{ firstSeenAt: now }])
    const left = room(
      arrived(arrival('sam')),
      { type: 'presence', guest: key('sam'), presence: 'left', at: now },
      arrived(arrival('sam'), [], now + 5000),
    )
    expect(left.room.people).toMatchObject([{ firstSeenAt: now + 5000 }])
  })
})

describe('what people are told', () => {
  it('is when their appointment is, and anew when it moves', () => {
    const told = room(arrived(arrival('sam'), [appointment('ten', now + hourMs)]), {
      type: 'appointments',
      patientId: asId<PatientId>('sam'),
      appointments: [appointment('ten', now + 2 * hourMs)],
      at: now,
    })
    expect(told.effects).toEqual([
      { type: 'tell-heard', guest: 'sam', startAt: now + hourMs },
      { type: 'tell-heard', guest: 'sam', startAt: now + 2 * hourMs },
    ])
  })

  it('is that they are early, to the millisecond before the window opens', () => {
    const startAt = now + startWindowMs + 1000
    const early = room(arrived(arrival('sam'), [appointment('ten', startAt)]), { type: 'tick', at: now + 999 })
    expect(early.effects).toEqual([{ type: 'tell-early', guest: 'sam', startAt, opensAt: now + 1000 }])
    expect(early.room.announced).toBeNull()
    const open = waitIn(early.room, { type: 'tick', at: now + 1000 })
    expect(open).toMatchObject({ state: { announced: 'sam' }, effects: [{ type: 'tell-heard', startAt }] })
  })
})

describe('the appointment a patient comes for', () => {
  const find = (appointments: readonly Appointment[], at = now, runs: string | null = null) => {
    const found = findAppointment(appointments, runs === null ? null : asId<AppointmentId>(runs), at)
    return `${found.appointment?.id ?? 'none'}${found.open ? ', open' : ''}`
  }

  it('is the running one, else the current or next one in its window, else the next one at all', () => {
    const nine = appointment('nine', now - hourMs / 2)
    const one = appointment('one', now + 4 * hourMs)
    const week = appointment('week', now + 7 * 24 * hourMs)
    expect(find([nine, one, week])).toBe('nine, open')
    expect(find([nine, one, week], nine.endAt + 1)).toBe('one, open')
    expect(find([nine, week], nine.endAt + 1)).toBe('nine, open')
    expect(find([nine, week], nine.startAt + startWindowMs)).toBe('nine, open')
    expect(find([nine, week], nine.startAt + startWindowMs + 1)).toBe('week')
    expect(find([nine, one], now, 'one')).toBe('one, open')
    expect(find([])).toBe('none')
  })

  it.each<[string, Partial<Appointment>]>([
    ['missed', { status: 'noshow' }],
    ['cancelled', { status: 'cancelled' }],
    ['without telehealth', { useTelehealth: false }],
    ['a vacation', { type: 'vacation' }],
  ])('is not one that is %s', (_, change) => {
    expect(find([appointment('ten', now, change), appointment('eleven', now + hourMs)])).toBe('eleven, open')
  })

  it('prefers one that is not completed', () => {
    expect(find([appointment('ten', now, { status: 'fulfilled' }), appointment('eleven', now + hourMs)])).toBe('eleven, open')
    expect(find([appointment('ten', now, { status: 'fulfilled' })])).toBe('ten, open')
  })

  it('decides the group (S32)', () => {
    const person = (change: Partial<Arrival>, appointments: readonly Appointment[]) => {
      const [found] = room(arrived(arrival('sam', change), appointments)).room.people
      if (!found) throw new Error('Nobody waits')
      return found
    }
    const id = asId<AppointmentId>('ten')
    const ten = appointment('ten', now)
    expect(placeOf(person({}, [ten]), null, now)).toMatchObject({ group: 'waiting', belongsHere: true, early: false })
    expect(placeOf(person({}, [ten]), id, now)).toMatchObject({ group: 'waiting', belongsHere: true })
    expect(placeOf(person({}, [appointment('eleven', now + hourMs)]), id, now)).toMatchObject({ group: 'upcoming', belongsHere: false })
    expect(placeOf(person({}, [appointment('eleven', now + 9 * hourMs)]), null, now)).toMatchObject({ group: 'upcoming', early: true })
    expect(placeOf(person({}, []), null, now)).toMatchObject({ group: 'waiting', appointment: null, early: false })
    expect(placeOf(person(standing, []), id, now)).toMatchObject({ group: 'guest', belongsHere: true })
  })
})

it('whatever happens: an order of arrival, nobody twice, and one announced who waits', () => {
  const names = ['sam', 'kim', 'lee', 'max']
  const guest = fc.constantFrom(...names)
  const event = fc.oneof(
    guest.map(
      (name): ((at: number) => WaitingRoomEvent) =>
        (at) =>
          arrived(arrival(name), [appointment('ten', now)], at),
    ),
    fc.tuple(guest, fc.constantFrom('away', 'back', 'left')).map(([name, presence]): ((at: number) => WaitingRoomEvent) => (at) => ({
      type: 'presence',
      guest: key(name),
      presence: presence as 'away' | 'back' | 'left',
      at,
    })),
    fc.subarray(names).map((present): ((at: number) => WaitingRoomEvent) => (at) => ({ type: 'listed', guests: present.map(key), at })),
    fc.constantFrom('ten', 'eleven', null).map(
      (id): ((at: number) => WaitingRoomEvent) =>
        (at) =>
          running(id, at),
    ),
    guest.map((name): ((at: number) => WaitingRoomEvent) => (at) => ({ type: 'settled', guest: key(name), at })),
    fc.constantFrom('announcement-dismissed', 'others-seen', 'tick').map((type): ((at: number) => WaitingRoomEvent) => (at) => ({
      type: type as 'tick',
      at,
    })),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(30_000)), { maxLength: 40 }), (steps) => {
      let state = emptyWaitingRoom
      let at = now
      for (const [make, laterMs] of steps) {
        at += laterMs
        state = waitIn(state, make(at)).state
        const order = state.people.map(({ firstSeenAt }) => firstSeenAt)
        expect(order).toEqual([...order].sort((a, b) => a - b))
        expect(new Set(state.people.map((p) => p.guest)).size).toBe(state.people.length)
        if (state.announced !== null) {
          expect(state.people.find((p) => p.guest === state.announced)).toMatchObject({ attention: 'pending' })
        }
      }
    }),
  )
})
