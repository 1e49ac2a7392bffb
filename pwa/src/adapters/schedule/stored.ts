import { type Appointment, type AppointmentDraft, appointmentStatuses, appointmentTypes } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId, type MemberId, type PatientId, type PracticeId } from '@alcove/shared/domain/ids'
import type { Patient, PatientDraft } from '@alcove/shared/domain/patient'
import { type Member, type Practice, roles, telehealthTiers } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { instantOf } from '@alcove/shared/domain/time'
import * as v from '@alcove/shared/protocol/schema'
import type { PracticeDraft } from '../../ports.ts'
import type { Fields } from './documents.ts'

/**
 * What the fields in the documents may be. A document may hold anything that another device or an older program wrote,
 * so that nothing goes on from here unless it fits; fields that we do not know are left alone.
 */
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/))
const memberId = v.pipe(
  id,
  v.transform((value) => asId<MemberId>(value)),
)
const patientId = v.pipe(
  id,
  v.transform((value) => asId<PatientId>(value)),
)
const text = (max: number, min = 0) =>
  v.pipe(
    v.string(),
    v.transform((value) => value.normalize('NFC').trim()),
    v.string(),
    v.minLength(min),
    v.maxLength(max),
  )
const name = text(80, 1)
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const instant = v.pipe(v.number(), v.integer())

export const maxDurationMinutes = 1440

const draftFields = {
  type: v.picklist(appointmentTypes),
  patientId: v.nullable(patientId),
  clinicianId: memberId,
  start: v.strictObject({
    date: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
    time: v.pipe(v.string(), v.regex(/^\d{2}:\d{2}$/)),
    zone: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  }),
  durationMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxDurationMinutes)),
  useTelehealth: v.boolean(),
  status: v.picklist(appointmentStatuses),
}
const appointmentDraft = v.strictObject(draftFields)
const appointment = v.strictObject({ ...draftFields, firstStartAt: instant })

const patientNames = { firstName: text(80), lastName: text(80) }
const patientDraft = v.strictObject(patientNames)

const practiceFields = { name, contactPhone: text(40), contactEmail: text(120) }
const practiceChange = v.strictObject({
  name: v.exactOptional(name),
  contactPhone: v.exactOptional(practiceFields.contactPhone),
  contactEmail: v.exactOptional(practiceFields.contactEmail),
})
const telehealth = v.picklist(telehealthTiers)
const practice = v.strictObject({ ...practiceFields, id, telehealth })
const memberRest = v.strictObject({ standingLinkGeneration: count })
const memberRoles = v.pipe(v.array(v.picklist(roles)), v.minLength(1), v.maxLength(roles.length))
const memberDraft = v.strictObject({ name, roles: memberRoles })
const member = v.strictObject({
  name,
  roles: memberRoles,
  roomKey: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{44}$/))),
  standingLinkGeneration: count,
})
const practiceDraft = v.strictObject({ ...practiceFields, memberName: name, roles: memberRoles, telehealth })

// --- what people ask for ------------------------------------------------------------------------------------------

export function checkAppointmentDraft(draft: AppointmentDraft): Result<AppointmentDraft & { startAt: number }, 'invalid'> {
  const { type, patientId, clinicianId, start, durationMinutes, useTelehealth, status } = draft
  const { date, time, zone } = start
  const checked = check(appointmentDraft, {
    type,
    patientId,
    clinicianId,
    start: { date, time, zone },
    durationMinutes,
    useTelehealth,
    status,
  })
  const startAt = checked && instantOrNull(checked)
  return checked && startAt !== null ? ok({ ...checked, startAt }) : err('invalid')
}

/** At least one of the two names. */
export function checkPatientDraft({ firstName, lastName }: PatientDraft): Result<PatientDraft, 'invalid'> {
  const checked = check(patientDraft, { firstName, lastName })
  return checked && checked.firstName + checked.lastName !== '' ? ok(checked) : err('invalid')
}

export function checkPracticeDraft(draft: PracticeDraft): Result<PracticeDraft, 'invalid'> {
  return orInvalid(check(practiceDraft, draft))
}

export function checkPracticeChange(change: Partial<Practice>): Result<v.InferOutput<typeof practiceChange>, 'invalid'> {
  return orInvalid(check(practiceChange, change))
}

export function checkMemberDraft(draft: Pick<Member, 'name' | 'roles'>): Result<Pick<Member, 'name' | 'roles'>, 'invalid'> {
  return orInvalid(check(memberDraft, { name: draft.name, roles: [...new Set(draft.roles)] }))
}

export function checkTelehealth(tier: string): boolean {
  return check(telehealth, tier) !== null
}

// --- what the documents hold --------------------------------------------------------------------------------------

export function readAppointment(key: string, fields: Fields): Appointment | null {
  const { type, patientId, clinicianId, start, durationMinutes, useTelehealth, status, firstStartAt } = fields
  const { date, time, zone } = start instanceof Object ? (start as Fields) : {}
  const read = check(appointment, {
    type,
    patientId,
    clinicianId,
    start: { date, time, zone },
    durationMinutes,
    useTelehealth,
    status,
    firstStartAt,
  })
  const startAt = read && instantOrNull(read)
  if (!read || startAt === null || !check(id, key)) return null
  return { ...read, id: asId<AppointmentId>(key), startAt, endAt: endOf(startAt, read.durationMinutes) }
}

const generationPrefix = 'link:'
/** One field per clinician, so that two replacements at the same time are both kept. */
export function generationField(clinician: MemberId): string {
  return generationPrefix + clinician
}

export function readPatient(key: string, fields: Fields): Patient | null {
  const { firstName, lastName } = fields
  const read = check(patientDraft, { firstName, lastName })
  if (!read || !check(id, key)) return null
  const linkGenerations: Record<MemberId, number> = {}
  for (const [field, value] of Object.entries(fields)) {
    const clinician = field.startsWith(generationPrefix) && check(memberId, field.slice(generationPrefix.length))
    const generation = check(count, value)
    if (clinician && generation !== null) linkGenerations[clinician] = generation
  }
  return { ...read, id: asId<PatientId>(key), linkGenerations }
}

export type PracticeDetails = Pick<Practice, 'name' | 'contactPhone' | 'contactEmail'>

/**
 * Field by field: any device may write them, and one that does not fit must not keep all others from opening the practice.
 * Null when there is no practice in the document at all.
 */
export function readDetails(fields: Fields): PracticeDetails | null {
  if (!('name' in fields)) return null
  const { name, contactPhone, contactEmail } = practiceFields
  return {
    name: check(name, fields.name) ?? '–',
    contactPhone: check(contactPhone, fields.contactPhone) ?? '',
    contactEmail: check(contactEmail, fields.contactEmail) ?? '',
  }
}

/** What of a member is not in the chain. */
export type MemberRest = Pick<Member, 'standingLinkGeneration'>

export function readMemberRest(key: string, { standingLinkGeneration = 0 }: Fields): MemberRest | null {
  return check(id, key) ? check(memberRest, { standingLinkGeneration }) : null
}

/** As the first version wrote it, before there was a chain; so is `readMember`. */
export function readPractice(fields: Fields): Practice | null {
  const { id, name, contactPhone, contactEmail, telehealth } = fields
  const read = check(practice, { id, name, contactPhone, contactEmail, telehealth })
  return read && { ...read, id: asId<PracticeId>(read.id) }
}

export function readMember(key: string, fields: Fields): Member | null {
  const { name, roles, roomKey, standingLinkGeneration } = fields
  const read = check(member, { name, roles, roomKey, standingLinkGeneration })
  return read && check(id, key) ? { ...read, id: asId<MemberId>(key) } : null
}

export function endOf(startAt: number, durationMinutes: number): number {
  return startAt + durationMinutes * 60_000
}

function instantOrNull({ start }: Pick<AppointmentDraft, 'start'>): number | null {
  try {
    return instantOf(start)
  } catch {
    return null
  }
}

function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | null {
  const parsed = v.safeParse(schema, value)
  return parsed.success ? parsed.output : null
}

function orInvalid<T>(checked: T | null): Result<T, 'invalid'> {
  return checked === null ? err('invalid') : ok(checked)
}
