import type { Appointment } from '@alcove/shared/domain/appointment'
import { type Eligibility, eligibility } from '@alcove/shared/domain/eligibility'
import type { PatientId } from '@alcove/shared/domain/ids'
import { createMemo, createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import { scheduleWords, sessionWords } from '../../words/areas.ts'
import { formatDay, formatTime } from '../../words/formats.ts'
import type { Clock, PracticeState, ScheduleRepository } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ArrowRight } from '../../ui/icons.ts'
import { reasonSentences } from '../schedule/reasons.ts'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import type { ClinicianRoom, ClinicianRoomState } from './room-state.ts'
import styles from './SchedulePanel.module.css'
import { formatChoice, formatWhen } from './session-time.ts'
import { sessionList } from './upcoming-sessions.ts'

const hourMs = 60 * 60 * 1000
/** The window of a session that starts now reached back to here; tomorrow's are worth seeing. */
const lookBackMs = 12 * hourMs
const lookAheadMs = 36 * hourMs

/** S33, S34. */
export function SchedulePanel(props: {
  readonly room: ClinicianRoom
  readonly state: ClinicianRoomState
  readonly schedule: Pick<ScheduleRepository, 'watchRange'>
  readonly practice: PracticeState
  readonly patientName: (id: PatientId | null) => string
  /** The screen is shared: names of people who wait are not shown. */
  readonly hideNames: boolean
  /** Why no other session can be started now. */
  readonly held: string | null
  readonly clock: Clock
  /** Epoch ms; the server's where this device's clock is known to be off. */
  readonly trustedNow: () => number
}) {
  const words = () => sessionWords().schedule
  const [now, setNow] = createSignal(props.trustedNow())
  const [appointments, setAppointments] = createSignal<readonly Appointment[]>([])
  const [asking, setAsking] = createSignal<Appointment | null>(null)
  const [failure, setFailure] = createSignal<string | null>(null)
  onCleanup(props.clock.every(5000, () => setNow(props.trustedNow())))
  onCleanup(props.schedule.watchRange(now() - lookBackMs, now() + lookAheadMs, setAppointments))

  const runningId = () => (props.state.session.kind === 'running' ? props.state.session.appointmentId : null)
  const list = createMemo(() =>
    sessionList({
      appointments: appointments(),
      me: props.practice.me.id,
      running: runningId(),
      awaited: new Set(props.state.waiting.flatMap(({ appointment }) => appointment?.id ?? [])),
      now: now(),
    }),
  )
  const awaited = (appointment: Appointment) => props.state.waiting.some((entry) => entry.appointment?.id === appointment.id)
  const nameOf = (appointment: Appointment) =>
    props.hideNames && appointment.id !== runningId() ? words().hiddenPatient : props.patientName(appointment.patientId)
  const check = (saved: Appointment): Eligibility =>
    eligibility({ saved, practice: props.practice.practice, me: props.practice.me, now: now() })

  async function startNext(appointment: Appointment) {
    setAsking(null)
    setFailure(null)
    if (runningId() !== null) props.room.end()
    const answer = await props.room.start(appointment)
    if (!answer.ok) setFailure(answer.error === 'elsewhere' ? words().elsewhere : words().failed)
  }

  return (
    <div class={styles.schedule}>
      <Show when={list().current}>
        {(current) => (
          <section class={styles.group} aria-label={words().current}>
            <h2 class={styles.title}>{words().current}</h2>
            <div class={styles.row} data-current="">
              <div class={styles.what}>
                <span class={styles.name}>{nameOf(current())}</span>
                <span class={styles.when}>
                  {formatWhen(current().startAt, now())} · {words().running}
                </span>
              </div>
            </div>
          </section>
        )}
      </Show>
      <section class={styles.group} aria-label={words().upcoming}>
        <h2 class={styles.title}>{words().upcoming}</h2>
        <Show when={list().upcoming.length > 0} fallback={<p class={styles.none}>{words().none}</p>}>
          <ul class={styles.list}>
            <KeyedFor each={list().upcoming} by={(appointment) => appointment.id}>
              {(appointment) => {
                const id = createUniqueId()
                const reason = () => {
                  if (props.held !== null) return props.held
                  const answer = check(appointment())
                  if (answer.eligible) return null
                  const { me, members } = props.practice
                  const context = {
                    words: scheduleWords(),
                    me,
                    members,
                    saved: appointment(),
                    now: now(),
                    formatTime,
                    formatDay,
                    formatChoice,
                  }
                  return reasonSentences(answer.reason, context).join(' ')
                }
                return (
                  <li class={styles.row}>
                    <div class={styles.what} id={id}>
                      <span class={styles.name}>{nameOf(appointment())}</span>
                      <span class={styles.when}>
                        {formatWhen(appointment().startAt, now())}
                        <Show when={awaited(appointment())}>
                          {' · '}
                          <strong class={styles.awaited}>{words().waiting}</strong>
                        </Show>
                      </span>
                      <Show when={reason()}>{(why) => <span class={styles.reason}>{why()}</span>}</Show>
                    </div>
                    <Button
                      kind="primary"
                      iconOnly
                      icon={<Icon of={ArrowRight} />}
                      aria-label={words().start}
                      aria-describedby={id}
                      title={words().start}
                      disabled={reason() !== null}
                      onClick={() => (runningId() === null ? void startNext(appointment()) : setAsking(appointment()))}
                    />
                  </li>
                )
              }}
            </KeyedFor>
          </ul>
        </Show>
        <p class={styles.failure} role="alert">
          {failure()}
        </p>
      </section>
      <Show when={asking()}>
        {(next) => (
          <Dialog
            role="alertdialog"
            size="small"
            title={words().askTitle}
            onClose={() => setAsking(null)}
            footer={
              <>
                <Button autofocus onClick={() => setAsking(null)}>
                  {sessionWords().people.cancel}
                </Button>
                <Button kind="primary" busy={props.held !== null} onClick={() => void startNext(next())}>
                  {words().askConfirm}
                </Button>
              </>
            }
          >
            <p>
              {props.hideNames
                ? words().askTextHidden
                : words().askText(props.patientName(list().current?.patientId ?? null), props.patientName(next().patientId))}
            </p>
          </Dialog>
        )}
      </Show>
    </div>
  )
}
