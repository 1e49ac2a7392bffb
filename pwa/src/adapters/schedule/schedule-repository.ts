import { randomId } from '@alcove/shared/crypto/bytes'
import type { Appointment, AppointmentDraft } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId } from '@alcove/shared/domain/ids'
import { hasLeft, may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { SaveError, ScheduleRepository, Stop } from '../../ports.ts'
import { indexRowOf, rowsInRange, rowsOfPatient } from './appointment-index.ts'
import { commit, type Database, type IndexRow, saveErrorOf } from './database.ts'
import { type Fields, sameValue } from './documents.ts'
import type { Home, OpenPractice } from './home.ts'
import { createLiveQuery, sameList } from './live-query.ts'
import { scheduleDocument, shardOf } from './names.ts'
import { checkAppointmentDraft, readAppointment } from './stored.ts'
import { collections } from './views.ts'

export function createScheduleRepository(database: Database, home: Home): ScheduleRepository {
  /** What the index found, read from the documents that it names and from no others. */
  async function read(find: () => PromiseLike<readonly IndexRow[]>, show?: (docIds: readonly string[]) => void): Promise<Appointment[]> {
    const practice = home.current()
    if (!practice) return []
    const rows = await find()
    show?.(rows.map(({ docId }) => docId))
    const views = await practice.documents.views(rows.map(({ docId }) => docId))
    const found: Appointment[] = []
    const outdated: IndexRow[] = []
    for (const row of rows) {
      const view = views.get(row.docId)
      const appointment = view?.kind === 'appointments' ? view.appointments.get(row.id)?.value : null
      if (!appointment) continue
      found.push(appointment)
      const now = indexRowOf(appointment, row.docId)
      if (!sameValue(now, row)) outdated.push(now)
    }
    // A country changed the rules of its clocks: the same hour on the wall is another instant now.
    if (outdated.length > 0) void commit(database, { docId: '', sealed: null, index: outdated }).catch(() => undefined)
    return found.sort(byStart)
  }

  function live<T>(
    find: () => PromiseLike<readonly IndexRow[]>,
    answer: (found: Appointment[]) => T,
    same: (a: T, b: T) => boolean,
    listener: (answer: T) => void,
  ): Stop {
    const held = home.watched.hold()
    const query = createLiveQuery(async () => answer(await read(find, held.show)), same, listener)
    const stop = home.watch((changed) => {
      if (!changed || concernsAppointments(home.current(), changed)) query.refresh()
    })
    return () => {
      stop()
      query.stop()
      held.stop()
    }
  }

  return {
    watchRange: (fromAt, toAt, listener) =>
      live<readonly Appointment[]>(
        () => rowsInRange(database, fromAt, toAt),
        (found) => found,
        sameList,
        listener,
      ),
    watch: (id, listener) =>
      live<Appointment | null>(
        () => database.appointments.where('id').equals(id).toArray(),
        ([found]) => found ?? null,
        Object.is,
        listener,
      ),
    ofPatient: (patient, clinician, fromAt, toAt) => read(() => rowsOfPatient(database, patient, clinician, fromAt, toAt)),
    async save(existing, draft, base) {
      const practice = home.current()
      if (!practice || !may(practice.state().me, 'book-appointment')) return err('not-allowed')
      const checked = checkAppointmentDraft(draft)
      if (!checked.ok) return checked
      const { startAt, ...wanted } = checked.value
      try {
        if (!(await areKnown(practice, wanted, existing === null))) return err('invalid')
        if (existing === null) return await book(practice, wanted, startAt)
        const row = await database.appointments.get(existing)
        return row ? await edit(practice, row, changesOf(wanted, base)) : err('invalid')
      } catch (error) {
        return err(saveErrorOf(error))
      }
    },
  }
}

/** `startAt` is kept for good: it is the hint in the patient's link, which no later move may change. */
async function book(practice: OpenPractice, draft: AppointmentDraft, startAt: number): Promise<Saved> {
  const id = asId<AppointmentId>(randomId())
  const docId = await practice.docIdOf(scheduleDocument(draft))
  return write(practice, id, docId, { ...draft, firstStartAt: startAt }, { isNew: true })
}

function edit(practice: OpenPractice, { id, docId }: IndexRow, change: Partial<AppointmentDraft>): Promise<Saved> {
  return write(practice, id, docId, change, { isNew: false })
}

type Saved = Result<Appointment, SaveError>

function write(
  practice: OpenPractice,
  id: AppointmentId,
  docId: string,
  change: Fields,
  { isNew }: { readonly isNew: boolean },
): Promise<Saved> {
  return practice.documents.change(docId, (document) => {
    const before = document.entity(collections.appointments, id)
    const appointment = readAppointment(id, { ...before, ...change })
    if (!appointment || isNew !== (before === null)) return err('invalid')
    document.changeEntity(collections.appointments, id, change)
    return ok({ value: appointment, index: indexRowOf(appointment, docId) })
  })
}

/** What the editor changed. The rest stays as it is stored, since somebody else may have changed it meanwhile. */
function changesOf(draft: AppointmentDraft, base: AppointmentDraft | undefined): Partial<AppointmentDraft> {
  if (!base) return draft
  return Object.fromEntries(Object.entries(draft).filter(([field, value]) => !sameValue(value, base[field as keyof AppointmentDraft])))
}

/** Nothing new is booked with somebody who left; what was booked can still be changed. */
async function areKnown(practice: OpenPractice, { clinicianId, patientId }: AppointmentDraft, isNew: boolean): Promise<boolean> {
  const clinician = practice.state().members.find(({ id }) => id === clinicianId)
  if (!clinician || (isNew && hasLeft(clinician))) return false
  if (patientId === null) return true
  const docId = practice.patientDocIds[shardOf(patientId)]
  const view = docId ? await practice.documents.view(docId) : null
  return view?.kind === 'patients' && view.patients.has(patientId)
}

function concernsAppointments(practice: OpenPractice | null, changed: ReadonlySet<string>): boolean {
  const others = new Set([practice?.practiceDocId, ...(practice?.patientDocIds ?? [])])
  return [...changed].some((docId) => !others.has(docId))
}

function byStart(a: Appointment, b: Appointment): number {
  return a.startAt - b.startAt || (a.id < b.id ? -1 : 1)
}
