import type { Bytes } from '@alcove/shared/crypto/bytes'
import { deriveLink, type LinkSubject } from '@alcove/shared/crypto/link'
import type { Member } from '@alcove/shared/domain/practice'
import { fullName, type Patient } from '@alcove/shared/domain/patient'
import type { LinkOwner } from '@alcove/shared/domain/waiting-room'

/** A link that leads to this room. `replaced`: a former one, whose holder is told so. */
export type KnownLink = { readonly owner: LinkOwner; readonly secret: Bytes; readonly replaced: boolean }

export type RoomLinks = {
  update(linkKey: Bytes, me: Member, patients: readonly Patient[]): void
  /** By the tag in a knock; null for a link that this practice never gave out. */
  find(tag: string): Promise<KnownLink | null>
}

type Known = { readonly subject: LinkSubject; readonly secret: Bytes }

/** Knows every link of this room by its tag. Each is derived once; a thousand patients take a moment, in the background. */
export function createRoomLinks(): RoomLinks {
  const tags = new Map<string, Known>()
  const derived = new Set<string>()
  let patients: ReadonlyMap<string, Patient> = new Map()
  let me: Member | null = null
  let work: Promise<void> = Promise.resolve()

  async function derive(linkKey: Bytes, subjects: readonly LinkSubject[]): Promise<void> {
    for (const subject of subjects) {
      const name = JSON.stringify(subject)
      if (derived.has(name)) continue
      derived.add(name)
      const { tag, secret } = await deriveLink(linkKey, subject)
      tags.set(tag, { subject, secret })
    }
  }

  return {
    update(linkKey, nextMe, nextPatients) {
      me = nextMe
      patients = new Map(nextPatients.map((patient) => [patient.id, patient]))
      const standing = upTo(nextMe.standingLinkGeneration).map((generation): LinkSubject => ({ kind: 'standing', generation }))
      const own = nextPatients.flatMap((patient) =>
        upTo(patient.linkGenerations[nextMe.id] ?? 0).map(
          (generation): LinkSubject => ({ kind: 'patient', patientId: patient.id, generation }),
        ),
      )
      work = work.then(() => derive(linkKey, [...standing, ...own]))
    },
    async find(tag) {
      if (!tags.has(tag)) await work
      const known = tags.get(tag)
      if (!known || !me) return null
      const { subject, secret } = known
      if (subject.kind === 'standing') {
        return { owner: { kind: 'standing' }, secret, replaced: subject.generation !== me.standingLinkGeneration }
      }
      const patient = patients.get(subject.patientId)
      if (!patient) return null
      const owner: LinkOwner = { kind: 'patient', patientId: patient.id, recordName: fullName(patient) }
      return { owner, secret, replaced: subject.generation !== (patient.linkGenerations[me.id] ?? 0) }
    },
  }
}

function upTo(generation: number): number[] {
  return Array.from({ length: generation + 1 }, (_, index) => index)
}
