import { randomId } from '@alcove/shared/crypto/bytes'
import { appointmentStatuses, appointmentTypes } from '@alcove/shared/domain/appointment'
import type { DocumentId } from '@alcove/shared/domain/ids'
import * as Y from 'yjs'
import { createRandom, type Random } from '../signaling/fuzz.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** Yjs, V2. */
export type Edit = { readonly document: DocumentId; readonly update: Bytes }

/** A schedule in documents of a clinician and a month each, as the app keeps it; what it was, and what was done to it since. */
export type EditedSchedule = {
  readonly before: ReadonlyMap<DocumentId, Bytes>
  /** By document: what it says in the end, and the state vector of that. */
  readonly after: ReadonlyMap<DocumentId, { readonly text: string; readonly clocks: ReadonlyMap<number, number> }>
}

/** What a month of one clinician holds. */
const perDocument = 125

/** Two devices make the edits in turn, each under the client id of its own session; one field each, as a dialog saves it. */
export function editSchedule(
  appointments: number,
  edits: number,
  seed: number,
): { readonly schedule: EditedSchedule; readonly edits: readonly Edit[] } {
  const random = createRandom(seed)
  const places = Array.from({ length: Math.ceil(appointments / perDocument) }, () => ({
    document: randomId() as DocumentId,
    /** One for each device. */
    docs: [newDoc(random), newDoc(random)] as const,
    ids: [] as string[],
  }))
  const before = new Map<DocumentId, Bytes>()
  for (let i = 0; i < appointments; i++)
    random.pick(places.slice(Math.floor(i / perDocument), Math.floor(i / perDocument) + 1)).ids.push(randomId())
  for (const { document, docs, ids } of places) {
    const author = newDoc(random)
    const clinicianId = randomId()
    for (const id of ids) author.getMap('appointments').set(id, new Y.Map(Object.entries(newAppointment(random, clinicianId))))
    const update = Uint8Array.from(Y.encodeStateAsUpdateV2(author))
    before.set(document, update)
    for (const doc of docs) Y.applyUpdateV2(doc, update)
  }
  const made = Array.from({ length: edits }, (_, i): Edit => {
    const { document, docs, ids } = random.pick(places)
    const [here, there] = i % 2 === 0 ? docs : [docs[1], docs[0]]
    let update: Bytes = new Uint8Array(0)
    const keep = (bytes: Uint8Array) => {
      update = Uint8Array.from(bytes)
    }
    here.on('updateV2', keep)
    here.transact(() => change(random, here.getMap<Y.Map<unknown>>('appointments').get(random.pick(ids))))
    here.off('updateV2', keep)
    Y.applyUpdateV2(there, update)
    return { document, update }
  })
  const after = new Map(places.map(({ document, docs: [doc] }) => [document, { text: textOf(doc), clocks: clocksOf(doc) }]))
  return { schedule: { before, after }, edits: made }
}

export function clocksOf(doc: Y.Doc): ReadonlyMap<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc))
}

/** The documents as they were, in memory. */
export function documentsBefore({ before }: EditedSchedule): ReadonlyMap<DocumentId, Y.Doc> {
  return new Map(
    [...before].map(([document, update]) => {
      const doc = new Y.Doc()
      Y.applyUpdateV2(doc, update)
      return [document, doc] as const
    }),
  )
}

export function isLevel({ after }: EditedSchedule, find: (document: DocumentId) => Y.Doc | undefined): boolean {
  return [...after].every(([document, { text }]) => {
    const doc = find(document)
    return doc !== undefined && textOf(doc) === text
  })
}

/** All that is in a document. */
function textOf(doc: Y.Doc): string {
  return JSON.stringify(Object.entries(doc.getMap('appointments').toJSON()).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function newDoc(random: Random): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = random.below(2 ** 32)
  return doc
}

function newAppointment(random: Random, clinicianId: string): Record<string, unknown> {
  return {
    type: random.pick(appointmentTypes),
    patientId: randomId(),
    clinicianId,
    start: newStart(random),
    durationMinutes: 50,
    useTelehealth: random.next() < 0.7,
    status: 'booked',
    firstStartAt: 1_795_000_000_000 + random.below(2_000_000) * 900,
  }
}

function newStart(random: Random) {
  const two = (number: number) => String(number).padStart(2, '0')
  return {
    date: `2026-11-${two(1 + random.below(28))}`,
    time: `${two(8 + random.below(10))}:${random.pick(['00', '15', '30', '45'])}`,
    zone: 'America/New_York',
  }
}

function change(random: Random, appointment: Y.Map<unknown> | undefined): void {
  const field = random.pick(['status', 'status', 'start', 'durationMinutes', 'useTelehealth'] as const)
  const values = {
    status: () => random.pick(appointmentStatuses),
    start: () => newStart(random),
    durationMinutes: () => 15 + 5 * random.below(18),
    useTelehealth: () => appointment?.get('useTelehealth') !== true,
  }
  appointment?.set(field, values[field]())
}
