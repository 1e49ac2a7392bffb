import * as Y from 'yjs'
import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
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
  /** The number in the name of the member who set up the device. */
  readonly name: number
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
      name: Number(/\d+$/.exec((await first(all.practice.watch))?.me.name ?? '')?.[0] ?? 0),
      damage: all.damage(),
      durability: await all.vault.durability(),
      hasHostIdentity: (await all.vault.hostIdentity()) !== null,
    }
  },

  /** Writes without end, several things at once, until somebody kills the browser. */
  async burst(from: Pick<Stored, 'journal' | 'name'>): Promise<never> {
    const state = await first(opened().practice.watch)
    if (!state) throw new Error('No practice')
    const { id } = state.me
    return Promise.race([bookAndEdit(id, 0), bookAndEdit(id, 200), changePatients(), count(from.journal), sign(id, from.name), receive(id)])
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

/** Entries of the practice's chain. */
async function sign(me: MemberId, from: number): Promise<never> {
  for (let value = from + 1; ; value++) {
    await told('name', value, async () => ((await opened().practice.renameMember(me, `Dr. ${value}`)).ok ? '' : null))
  }
}

/** What another device has changed, and what is remembered of it. */
async function receive(me: MemberId): Promise<never> {
  const { sync, schedule } = opened()
  for (let day = 0; ; day++) {
    const { mark } = await sync.changedSince(0)
    const saved = await schedule.save(null, draft(me, null, 100 + (day % 30), 1))
    if (!saved.ok) continue
    const { id } = saved.value
    for (const document of (await sync.changedSince(mark)).documents) {
      const other = new Y.Doc()
      Y.applyUpdateV2(other, await sync.updateFor(document, null))
      const appointment = other.getMap('appointments').get(id)
      for (let minutes = 2; appointment instanceof Y.Map && minutes < 8; minutes++) {
        const vector = Y.encodeStateVector(other)
        appointment.set('durationMinutes', minutes)
        const update = Uint8Array.from(Y.encodeStateAsUpdateV2(other, vector))
        await told(`appointment ${id}`, minutes, async () => ((await sync.apply(document, update)).ok ? '' : null))
        await sync.notePeer(asId('another device'), { mark: minutes })
      }
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
