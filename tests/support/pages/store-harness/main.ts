import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import { type OpenError, openStore, type Store } from '../../../../pwa/src/adapters/schedule/open-store.ts'
import type { PracticeDraft, PracticeState, SaveError } from '../../../../pwa/src/ports.ts'

/** The real store in a page without an interface, for tests that kill, fill and search a real browser. */

/** Told to the test after each write that was reported saved. The values of a subject only ever grow. */
export type Report = { readonly subject: string; readonly value: number }

export type Stored = {
  readonly practice: PracticeState | null
  /** Appointment id: duration in minutes. */
  readonly appointments: Readonly<Record<string, number>>
  /** Patient id: the number in the first name. */
  readonly patients: Readonly<Record<string, number>>
  readonly journal: number
  readonly damage: { readonly rows: number; readonly entities: number }
  readonly durability: 'durable' | 'session-only'
  readonly hasHostIdentity: boolean
}

declare global {
  interface Window {
    harness: typeof harness
    /** Provided by the test: crosses to another process, so that it survives the death of this one. */
    report(report: Report): Promise<void>
  }
}

let store: Store | null = null

function opened(): Store {
  if (!store) throw new Error('Open the store first')
  return store
}

function first<T>(watch: (listener: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const stop = watch((value) => {
      resolve(value)
      queueMicrotask(() => stop())
    })
  })
}

function draft(clinicianId: MemberId, patientId: PatientId | null, day: number, durationMinutes: number): AppointmentDraft {
  const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)
  const start = { date, time: '10:00', zone: 'America/New_York' }
  return { type: 'therapy-session', patientId, clinicianId, start, durationMinutes, useTelehealth: true, status: 'booked' }
}

const harness = {
  async open(): Promise<'opened' | OpenError> {
    const result = await openStore({ now: Date.now, compactAtRows: 25, maxOpenDocuments: 8 })
    if (!result.ok) return result.error
    store = result.value
    return 'opened'
  },

  async create(practice: PracticeDraft): Promise<'saved' | SaveError> {
    const result = await opened().practice.create(practice)
    return result.ok ? 'saved' : result.error
  },

  async addPeople(member: string, firstName: string, lastName: string): Promise<void> {
    await opened().practice.addMember({ name: member, roles: ['clinician'] })
    const patient = await opened().patients.save(null, { firstName, lastName })
    const state = await first(opened().practice.watch)
    if (patient.ok && state) await opened().schedule.save(null, draft(state.me.id, patient.value.id, 1, 50))
  },

  writeJournal: (name: string, value: unknown) => opened().journal.write(name, value),

  /** Books one appointment; gives its id. */
  async book(day: number): Promise<AppointmentId | SaveError> {
    const state = await first(opened().practice.watch)
    if (!state) return 'not-allowed'
    const result = await opened().schedule.save(null, draft(state.me.id, null, day, 50))
    return result.ok ? result.value.id : result.error
  },

  async stored(): Promise<Stored> {
    const all = opened()
    const appointments = await first<readonly { id: string; durationMinutes: number }[]>((listener) =>
      all.schedule.watchRange(0, Number.MAX_SAFE_INTEGER, listener),
    )
    const patients = await first(all.patients.watch)
    return {
      practice: await first(all.practice.watch),
      appointments: Object.fromEntries(appointments.map(({ id, durationMinutes }) => [id, durationMinutes])),
      patients: Object.fromEntries(patients.map(({ id, firstName }) => [id, Number(firstName)])),
      journal: Number(await all.journal.read('counter')),
      damage: all.damage(),
      durability: await all.vault.durability(),
      hasHostIdentity: (await all.vault.hostIdentity()) !== null,
    }
  },

  /** Writes without end, several things at once, until somebody kills the browser. */
  async burst(from: Pick<Stored, 'journal'>): Promise<never> {
    const state = await first(opened().practice.watch)
    if (!state) throw new Error('No practice')
    return Promise.race([bookAndEdit(state.me.id, 0), bookAndEdit(state.me.id, 200), changePatients(), count(from.journal)])
  },
}

async function told(subject: string, value: number, write: () => Promise<string | null>): Promise<string | null> {
  const id = await write()
  // Not awaited: the test may hear of it or not before the kill, and holds us to what it heard.
  if (id !== null) void window.report({ subject: subject.replace('?', id), value })
  return id
}

async function bookAndEdit(me: MemberId, from: number): Promise<never> {
  for (let day = from; ; day++) {
    const book = async () => {
      const saved = await opened().schedule.save(null, draft(me, null, day % 400, 1))
      return saved.ok ? saved.value.id : null
    }
    const id = await told('appointment ?', 1, book)
    for (let minutes = 2; id !== null && minutes < 8; minutes++) {
      const edit = async () =>
        (await opened().schedule.save(id as AppointmentId, draft(me, null, (day * minutes) % 400, minutes))).ok ? id : null
      await told(`appointment ${id}`, minutes, edit)
    }
  }
}

async function changePatients(): Promise<never> {
  for (;;) {
    let id: PatientId | null = null
    for (let value = 1; value < 5; value++) {
      const write = async () => {
        const saved = await opened().patients.save(id, { firstName: String(value), lastName: 'Kill' })
        if (saved.ok) id = saved.value.id
        return saved.ok ? saved.value.id : null
      }
      await told(id ? `patient ${String(id)}` : 'patient ?', value, write)
    }
  }
}

async function count(from: number): Promise<never> {
  for (let value = from + 1; ; value++) {
    await told('journal', value, async () => {
      await opened().journal.write('counter', value)
      return ''
    })
  }
}

window.harness = harness
