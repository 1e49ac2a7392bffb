import type { Appointment } from '@alcove/shared/domain/appointment'
import { eligibility } from '@alcove/shared/domain/eligibility'
import { maxToldAppointments } from '@alcove/shared/protocol/extension-messages'
import { type Accessor, createEffect, createMemo, onCleanup } from 'solid-js'
import type { LocalMedia, LocalMediaState } from '../../features/device-check/local-media-state.ts'
import type { Clock, Companion, MediaDevice, PracticeState, ScheduleRepository, Stop } from '../../ports.ts'

const dayMs = 24 * 60 * 60 * 1000
/** The extension goes on with these while no tab of Alcove is open. */
const aheadMs = 31 * dayMs
/** The stretch ahead moves on this often. */
const moveMs = 6 * 60 * 60 * 1000

export type CompanionNewsDeps = {
  readonly companion: Pick<Companion, 'send'>
  readonly schedule: Pick<ScheduleRepository, 'watchRange'>
  readonly media: Pick<LocalMedia, 'state' | 'subscribe'>
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly practice: Accessor<PracticeState>
  readonly running: Accessor<boolean>
}

/** Keeps the extension told, as long as the practice is open: whether a session runs, when the next ones start, and which devices are chosen. */
export function createCompanionNews({ companion, schedule, media, clock, practice, running }: CompanionNewsDeps): void {
  const isRunning = createMemo(running)
  createEffect(() => companion.send({ type: 'session', isRunning: isRunning() }))
  createEffect(() => {
    const present = practice()
    let stop: Stop = watch()
    function watch(): Stop {
      const fromAt = clock.now()
      return schedule.watchRange(fromAt, fromAt + aheadMs, (appointments) =>
        companion.send({ type: 'appointments', startsAt: nextStarts(appointments, present, clock.now()) }),
      )
    }
    const stopMoving = clock.every(moveMs, () => {
      stop()
      stop = watch()
    })
    onCleanup(() => {
      stopMoving()
      stop()
    })
  })
  let told = ''
  const tellDevices = (state: LocalMediaState) => {
    const devices = chosenDevices(state)
    const text = JSON.stringify(devices)
    if (text !== told) companion.send({ type: 'devices', ...devices })
    told = text
  }
  onCleanup(media.subscribe(tellDevices))
  tellDevices(media.state())
  // The practice was closed: removed, or erased.
  onCleanup(() => {
    companion.send({ type: 'session', isRunning: false })
    companion.send({ type: 'appointments', startsAt: [] })
  })
}

/** When the telehealth sessions start that I can start, then or now. Times alone: no names, no ids. */
export function nextStarts(appointments: readonly Appointment[], { practice, me }: PracticeState, now: number): number[] {
  const starts = appointments
    .filter(({ startAt }) => startAt > now)
    .filter((saved) => {
      const answer = eligibility({ saved, practice, me, now })
      return answer.eligible || answer.reason.kind === 'not-open-yet'
    })
    .map(({ startAt }) => startAt)
  return [...new Set(starts)].sort((a, b) => a - b).slice(0, maxToldAppointments)
}

/** By the browser's names; null for the system's own choice, and while the browser does not say. */
function chosenDevices({ devices, chosenCamera, chosenMicrophone, chosenSpeaker }: LocalMediaState) {
  return {
    camera: label(devices.cameras, chosenCamera),
    microphone: label(devices.microphones, chosenMicrophone),
    speaker: label(devices.speakers ?? [], chosenSpeaker),
  }
}

const label = (devices: readonly MediaDevice[], chosen: string) =>
  devices.find(({ deviceId }) => deviceId === chosen && deviceId !== 'default')?.label.slice(0, 120) || null
