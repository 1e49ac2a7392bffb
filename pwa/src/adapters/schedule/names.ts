import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { PatientId } from '@alcove/shared/domain/ids'

/**
 * Names of documents. On the disk each lies under a keyed hash of its name. They are part of the format: the other
 * devices of the practice look for the same names. Shards keep every document far below 256 KiB, the most that a
 * synchronised message may have.
 */
export const practiceDocument = 'practice'

/** Not a document: the log of the practice's chain on the server is named the same way. */
export const chainLog = 'chain'

export const patientShards = 16

/** `patients:0` ... `patients:15`, by the first four bits of the (random) id. */
export function patientDocument(shard: number): string {
  return `patients:${shard}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function shardOf(patient: PatientId): number {
  return Math.max(0, alphabet.indexOf(patient.charAt(0))) >> 2
}

/**
 * `sched:<clinician>:<YYYY-MM>` of clinician and month as they were when the appointment was first saved. It stays
 * there wherever it is moved, because moving it between documents could duplicate or lose concurrent edits; the index
 * knows where it is.
 */
export function scheduleDocument({ clinicianId, start }: Pick<AppointmentDraft, 'clinicianId' | 'start'>): string {
  return `sched:${clinicianId}:${start.date.slice(0, 7)}`
}
