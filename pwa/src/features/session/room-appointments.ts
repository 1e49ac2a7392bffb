import type { Appointment } from '@alcove/shared/domain/appointment'
import { startWindowMs } from '@alcove/shared/domain/eligibility'
import type { MemberId, PatientId } from '@alcove/shared/domain/ids'
import type { Clock, ScheduleRepository, Stop } from '../../ports.ts'

export type RoomAppointments = {
  of(patient: PatientId): Promise<readonly Appointment[]>
  close(): void
}

const dayMs = 24 * 60 * 60 * 1000
/** One that began longer ago cannot be what anybody waits for. */
const backMs = 2 * startWindowMs
/** How far ahead "your next appointment" is looked for. */
const aheadMs = 370 * dayMs
/** Changes are watched for this stretch; anything that anybody waits for now lies in it. */
const watchedMs = 3 * dayMs

/** The saved appointments of the patients who wait, and word when the schedule changes. */
export function createRoomAppointments(
  clock: Clock,
  schedule: Pick<ScheduleRepository, 'watchRange' | 'ofPatient'>,
  me: () => MemberId | null,
  onChange: () => void,
): RoomAppointments {
  let stop: Stop = watch()
  const stopMoving = clock.every(dayMs / 2, () => {
    stop()
    stop = watch()
  })

  function watch(): Stop {
    const now = clock.now()
    return schedule.watchRange(now - dayMs, now + watchedMs, onChange)
  }

  return {
    async of(patient) {
      const clinician = me()
      const now = clock.now()
      return clinician === null ? [] : schedule.ofPatient(patient, clinician, now - backMs, now + aheadMs)
    },
    close() {
      stopMoving()
      stop()
    },
  }
}
