import { type Appointment, isSessionType } from '@alcove/shared/domain/appointment'
import type { MemberId, PatientId } from '@alcove/shared/domain/ids'
import { instant, list, text } from '@alcove/shared/protocol/fields'
import * as v from '@alcove/shared/protocol/schema'
import type { Clock, Journal, ScheduleRepository, Stop } from '../../ports.ts'

/** A patient who had a link to the room that was replaced, and the next session for which the new one is needed. */
export type LinkToSend = { readonly patientId: PatientId; readonly next: Appointment; readonly copied: boolean }

export type LinksToSend = {
  /** Ordered by the next session. At once, then after every change; nothing to send is an empty list. */
  watch(listener: (links: readonly LinkToSend[]) => void): Stop
  /** Its link was copied here. */
  copied(patient: PatientId): void
  close(): void
}

export type LinksToSendDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly schedule: Pick<ScheduleRepository, 'watchRange'>
  /** Who is left is remembered on this device, encrypted. */
  readonly journal: Journal
  readonly me: MemberId
  /** When my room was made anew, epoch ms. */
  readonly roomSince: number
}

const journalName = 'links-to-send'
const dayMs = 24 * 60 * 60 * 1000
/** As far ahead as "your next appointment" is looked for. */
const aheadMs = 370 * dayMs
const maxPatients = 5000

const patientId = v.pipe(
  text(64),
  v.transform((id) => id as PatientId),
)
const kept = v.strictObject({
  version: v.literal(1),
  roomSince: instant,
  /** Whose link was to be sent again when this device first knew of the new room. Later ones get the new link anyway. */
  patients: list(patientId, maxPatients),
  copied: list(patientId, maxPatients),
})
type Kept = { readonly patients: readonly PatientId[]; readonly copied: readonly PatientId[] }

/** After my waiting room was replaced: whose link has to be sent again, until each was copied. */
export function createLinksToSend({ clock, schedule, journal, me, roomSince }: LinksToSendDeps): LinksToSend {
  const listeners = new Set<(links: readonly LinkToSend[]) => void>()
  let upcoming: ReadonlyMap<PatientId, Appointment> | null = null
  let memory: Kept | null = null
  let loaded = false
  let closed = false

  const from = clock.now()
  const stop = schedule.watchRange(from, from + aheadMs, (appointments) => {
    upcoming = nextSessions(appointments, me)
    begin()
  })
  void journal
    .read(journalName)
    .catch(() => null)
    .then((stored) => {
      const parsed = v.safeParse(kept, stored)
      if (parsed.success && parsed.output.roomSince === roomSince) memory = parsed.output
      loaded = true
      begin()
    })

  function begin(): void {
    if (closed || !loaded || !upcoming) return
    if (!memory) {
      memory = { patients: [...upcoming.keys()], copied: [] }
      save()
    }
    tell()
  }

  function links(): readonly LinkToSend[] {
    if (!memory || !upcoming) return []
    const { patients, copied } = memory
    return patients
      .flatMap((id): LinkToSend[] => {
        const next = upcoming?.get(id)
        return next ? [{ patientId: id, next, copied: copied.includes(id) }] : []
      })
      .sort((a, b) => a.next.startAt - b.next.startAt)
  }

  function tell(): void {
    for (const listener of listeners) listener(links())
  }

  function save(): void {
    if (!memory) return
    const stored: v.InferOutput<typeof kept> = {
      version: 1,
      roomSince,
      patients: [...memory.patients].slice(0, maxPatients),
      copied: [...memory.copied].slice(0, maxPatients),
    }
    // A tick that is lost is set again; nothing else depends on it.
    void journal.write(journalName, stored).catch(() => undefined)
  }

  return {
    watch(listener) {
      listeners.add(listener)
      listener(links())
      return () => void listeners.delete(listener)
    },
    copied(patient) {
      if (!memory || memory.copied.includes(patient)) return
      memory = { ...memory, copied: [...memory.copied, patient] }
      save()
      tell()
    },
    close() {
      closed = true
      stop()
      listeners.clear()
    },
  }
}

/** Each patient's next telehealth appointment with this clinician. `appointments`: ordered by start. */
function nextSessions(appointments: readonly Appointment[], me: MemberId): ReadonlyMap<PatientId, Appointment> {
  const next = new Map<PatientId, Appointment>()
  for (const appointment of appointments) {
    const { patientId: id, clinicianId, useTelehealth, status, type } = appointment
    const counts = clinicianId === me && useTelehealth && isSessionType(type) && status !== 'cancelled' && status !== 'noshow'
    if (id !== null && counts && !next.has(id)) next.set(id, appointment)
  }
  return next
}
