import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { deriveLink, formatLink, type LinkSubject } from '@alcove/shared/crypto/link'
import type { PatientId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import type { Member, Practice } from '@alcove/shared/domain/practice'
import type { KeyVault } from '../../ports.ts'

/** A link to hand out, or why there is none. */
export type LinkOutcome =
  | { readonly kind: 'ready'; readonly url: string }
  /** The clinician has not set up a device. */
  | { readonly kind: 'no-room' }
  | { readonly kind: 'failed' }

export type LinksDeps = {
  readonly vault: Pick<KeyVault, 'linkKey'>
  /** `https://clinic.example` */
  readonly origin: string
}

export type Links = {
  /** The patient's own link to this clinician. `firstStartAt`: the hint, epoch ms of the appointment's first saved start. */
  ofPatient(input: {
    readonly practice: Practice
    readonly clinician: Member
    readonly patient: Patient
    readonly firstStartAt: number
  }): Promise<LinkOutcome>
  /** S24: the clinician's link for everybody. */
  standing(input: { readonly practice: Practice; readonly clinician: Member }): Promise<LinkOutcome>
}

export function createLinks({ vault, origin }: LinksDeps): Links {
  async function make(practice: Practice, clinician: Member, subject: LinkSubject, startMinutes: number | null): Promise<LinkOutcome> {
    const roomKey = clinician.roomKey === null ? null : fromBase64Url(clinician.roomKey)
    if (!roomKey) return { kind: 'no-room' }
    const linkKey = await vault.linkKey(clinician.id)
    if (!linkKey) return { kind: 'no-room' }
    const keys = await deriveLink(linkKey, subject)
    const card = {
      clinician: clinician.name.slice(0, 80),
      practice: practice.name.slice(0, 80),
      phone: practice.contactPhone.slice(0, 40),
      email: practice.contactEmail.slice(0, 120),
      startMinutes,
    }
    return { kind: 'ready', url: await formatLink(origin, { roomKey, ...keys, card }) }
  }

  return {
    ofPatient({ practice, clinician, patient, firstStartAt }) {
      const generation = patient.linkGenerations[clinician.id] ?? 0
      const patientId: PatientId = patient.id
      return failSoftly(make(practice, clinician, { kind: 'patient', patientId, generation }, Math.floor(firstStartAt / 60_000)))
    },
    standing({ practice, clinician }) {
      const generation = clinician.standingLinkGeneration
      return failSoftly(make(practice, clinician, { kind: 'standing', generation }, null))
    },
  }
}

/** Storage or WebCrypto can fail; the screen then says that there is no link. */
async function failSoftly(outcome: Promise<LinkOutcome>): Promise<LinkOutcome> {
  try {
    return await outcome
  } catch {
    return { kind: 'failed' }
  }
}
