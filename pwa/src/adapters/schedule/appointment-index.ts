import type { Appointment } from '@alcove/shared/domain/appointment'
import type { MemberId, PatientId } from '@alcove/shared/domain/ids'
import { type Database, type IndexRow, indexVersion, write } from './database.ts'
import type { DocumentStore } from './document-store.ts'
import { sameValue } from './documents.ts'
import { maxDurationMinutes } from './stored.ts'
import { valuesOf, type View } from './views.ts'

/** The narrow index of appointments: where each one is and when. The documents decide; the index only finds. */

const maxDurationMs = maxDurationMinutes * 60_000

export function indexRowOf(appointment: Appointment, docId: string): IndexRow {
  const { id, clinicianId, patientId, startAt, endAt, type, status } = appointment
  return { id, docId, clinicianId, patientId, startAt, endAt, type, status }
}

/** Rows that overlap [fromAt, toAt). No appointment is longer than a day, so that one index on the start will do. */
export async function rowsInRange(database: Database, fromAt: number, toAt: number): Promise<IndexRow[]> {
  const rows = await database.appointments
    .where('startAt')
    .between(fromAt - maxDurationMs, toAt, true, false)
    .toArray()
  return rows.filter(({ endAt }) => endAt > fromAt)
}

/** Rows of this patient with this clinician that start in [fromAt, toAt). */
export function rowsOfPatient(
  database: Database,
  patient: PatientId,
  clinician: MemberId,
  fromAt: number,
  toAt: number,
): Promise<IndexRow[]> {
  return database.appointments
    .where('[patientId+clinicianId+startAt]')
    .between([patient, clinician, fromAt], [patient, clinician, toAt], true, false)
    .toArray()
}

/** Makes the index again when it is missing, has lost rows, or was made by other rules. */
export async function ensureIndex(database: Database, documents: DocumentStore<View>, otherDocuments: ReadonlySet<string>): Promise<void> {
  const { stamps, appointments, ylog } = database
  const [stamp, count] = await database.transaction('r', stamps, appointments, () =>
    Promise.all([stamps.get('index'), appointments.count()]),
  )
  if (stamp?.name === 'index' && stamp.version === indexVersion && stamp.count === count) return
  for (let made = false; !made; ) {
    const upTo = await ylog.orderBy(':id').lastKey()
    const docIds = (await ylog.orderBy('docId').uniqueKeys()).map(String).filter((docId) => !otherDocuments.has(docId))
    const rows: IndexRow[] = []
    // One at a time: the whole history need not be in memory at once.
    for (const docId of docIds) rows.push(...rowsOfView(await documents.view(docId), docId))
    made = await write(database, [appointments, ylog], async () => {
      // Another tab stored something meanwhile: read again, or its row would be lost here.
      if ((await ylog.orderBy(':id').lastKey()) !== upTo) return false
      await appointments.clear()
      await appointments.bulkPut(rows)
      await stamps.put({ name: 'index', version: indexVersion, count: rows.length })
      return true
    })
  }
}

export function rowsOfView(view: View, docId: string): IndexRow[] {
  return view.kind === 'appointments' ? valuesOf(view.appointments).map((appointment) => indexRowOf(appointment, docId)) : []
}

/**
 * Two tabs that write at the same moment make their index rows from what each of them knows; once both know everything,
 * what does not fit is written again. `viewNow` is asked again when the turn to write has come: by then more may be known.
 * One at a time.
 */
export async function mendIndex(database: Database, docId: string, viewNow: () => View | null): Promise<void> {
  const wrong = async () => {
    const view = viewNow()
    const rows = view ? rowsOfView(view, docId) : []
    const stored = await database.appointments.bulkGet(rows.map(({ id }) => id))
    return rows.filter((row, i) => stored[i] !== undefined && !sameValue(row, stored[i]))
  }
  if ((await wrong()).length === 0) return
  await write(database, [database.appointments], async () => database.appointments.bulkPut(await wrong()))
}

/** Of the entities that are others than in the view before. */
export function changedRows(view: View, docId: string, previous: View | null): IndexRow[] {
  if (view.kind !== 'appointments') return []
  const before = previous?.kind === 'appointments' ? previous.appointments : null
  return [...view.appointments].flatMap(([id, shelved]) =>
    shelved.value && before?.get(id) !== shelved ? [indexRowOf(shelved.value, docId)] : [],
  )
}
