import type { Appointment } from '@alcove/shared/domain/appointment'
import type { MemberId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { type Fields, type SharedDocument, sameValue } from './documents.ts'
import { type MemberRest, type PracticeDetails, readAppointment, readDetails, readMemberRest, readPatient } from './stored.ts'

/** Names inside the documents. They are part of the stored and synced format. */
export const collections = {
  practice: 'practice',
  members: 'members',
  patients: 'patients',
  appointments: 'appointments',
  /** Signed entries by their hash, each in a field `signed`. */
  chain: 'chain',
  /** By room key: the room's secret, sealed to each device of its clinician, in a field named by the device. */
  rooms: 'rooms',
  /** By device: where a recovery kit lies on the server, what lies there, and when it was tested last. */
  kits: 'kits',
} as const

/** Entities by id, with the fields that they were read from. Null: the fields do not fit; it is left out. */
export type Shelf<T> = ReadonlyMap<string, { readonly fields: Fields; readonly value: T | null }>

export type PracticeView = {
  readonly kind: 'practice'
  /** As it stands there; what it says of telehealth counts for nothing. */
  readonly settings: Fields
  readonly details: PracticeDetails | null
  readonly members: Shelf<MemberRest>
  readonly chain: ReadonlyMap<string, Fields>
  readonly rooms: ReadonlyMap<string, Fields>
  readonly kits: ReadonlyMap<string, Fields>
}
export type PatientsView = { readonly kind: 'patients'; readonly patients: Shelf<Patient> }
export type AppointmentsView = { readonly kind: 'appointments'; readonly appointments: Shelf<Appointment> }
export type View = PracticeView | PatientsView | AppointmentsView

export function readPracticeView(document: SharedDocument, previous: View | null): PracticeView {
  const settings = document.settings(collections.practice)
  return {
    kind: 'practice',
    settings,
    details: readDetails(settings),
    members: shelve(document, collections.members, readMemberRest, previous?.kind === 'practice' ? previous.members : null),
    chain: document.entities(collections.chain),
    rooms: document.entities(collections.rooms),
    kits: document.entities(collections.kits),
  }
}

export function readPatientsView(document: SharedDocument, previous: View | null): PatientsView {
  const before = previous?.kind === 'patients' ? previous.patients : null
  return { kind: 'patients', patients: shelve(document, collections.patients, readPatient, before) }
}

export function readAppointmentsView(document: SharedDocument, previous: View | null): AppointmentsView {
  const before = previous?.kind === 'appointments' ? previous.appointments : null
  return { kind: 'appointments', appointments: shelve(document, collections.appointments, readAppointment, before) }
}

/** Unchanged entities keep their identity, so that what shows them has nothing to do. */
function shelve<T>(
  document: SharedDocument,
  collection: string,
  read: (id: string, fields: Fields) => T | null,
  previous: Shelf<T> | null,
): Shelf<T> {
  const shelf = new Map<string, { fields: Fields; value: T | null }>()
  for (const [id, fields] of document.entities(collection)) {
    const before = previous?.get(id)
    shelf.set(id, before && sameValue(before.fields, fields) ? before : { fields, value: read(id, fields) })
  }
  return shelf
}

export function valuesOf<T>(shelf: Shelf<T>): T[] {
  return [...shelf.values()].flatMap(({ value }) => (value === null ? [] : [value]))
}

/** How many entities were left out. */
export function skippedIn(view: View): number {
  const shelf: Shelf<unknown> = view.kind === 'practice' ? view.members : view.kind === 'patients' ? view.patients : view.appointments
  return [...shelf.values()].filter(({ value }) => value === null).length
}

/** Practice data that no feature sees: base64url of a member's 32-byte link key. */
export function linkKeyOf(view: PracticeView, member: MemberId): string | null {
  const linkKey = view.members.get(member)?.fields.linkKey
  return typeof linkKey === 'string' ? linkKey : null
}
