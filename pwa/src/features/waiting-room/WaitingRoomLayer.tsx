import type { Appointment } from '@alcove/shared/domain/appointment'
import { eligibility } from '@alcove/shared/domain/eligibility'
import type { AppointmentId } from '@alcove/shared/domain/ids'
import { createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { scheduleWords, sessionWords } from '../../words/areas.ts'
import { formatDay, formatTime } from '../../words/formats.ts'
import type { HelpBrowser } from '../../words/help.en.ts'
import type { Clock, PracticeState } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { reasonSentences } from '../schedule/reasons.ts'
import { AcceptQuestion } from '../session/AcceptQuestion.tsx'
import { createAcceptance } from '../session/acceptance.ts'
import { fromEngine } from '../session/from-engine.ts'
import { refusalWords } from '../session/refusal-words.ts'
import type { ClinicianRoom, WaitingEntry } from '../session/room-state.ts'
import { formatChoice, formatWhen } from '../session/session-time.ts'
import { movingAway } from '../session/moving-away.ts'
import { trustedNow } from '../session/trusted-now.ts'
import { shownName, typedName } from '../session/waiting-names.ts'
import { AnsweredElsewhere } from './AnsweredElsewhere.tsx'
import { ArrivalDialog } from './ArrivalDialog.tsx'
import { SoundBlocked } from './SoundBlocked.tsx'
import type { WaitingAnnouncer } from './waiting-announcer.ts'

export type WaitingRoomLayerProps = {
  readonly room: ClinicianRoom
  readonly announcer: Pick<WaitingAnnouncer, 'state' | 'subscribe' | 'unblock'>
  readonly media: Pick<LocalMedia, 'state' | 'subscribe'>
  readonly practice: PracticeState
  readonly clock: Clock
  readonly browser: HelpBrowser
  /** The appointment whose Welcome! is on the screen: its Join Session is right there. */
  readonly preparing: AppointmentId | null
  readonly onStart: (appointment: Appointment) => void
  readonly onOpenSchedule: () => void
}

/** S20, S21 and arrivals outside a session: mounted once, over every page of the clinician's app. */
export function WaitingRoomLayer(props: WaitingRoomLayerProps) {
  const state = fromEngine(props.room)
  const media = fromEngine(props.media)
  const sound = fromEngine(props.announcer)
  const acceptance = createAcceptance(props.room)
  const [now, setNow] = createSignal(trustedNow(props.clock, state()))
  onCleanup(props.clock.every(5000, () => setNow(trustedNow(props.clock, state()))))

  const words = () => sessionWords().arrival
  const inSession = () => state().session.kind === 'running'
  const held = createMemo(() => movingAway(state()))
  const hideNames = () => media().screen !== null
  const announced = createMemo(() => (state().elsewhere ? null : state().announced))
  const others = createMemo(
    () => state().waiting.filter(({ guest, presence }) => presence === 'here' && guest !== announced()?.guest).length,
  )

  return (
    <>
      <Show when={announced()}>
        {(entry) => (
          <ArrivalDialog
            person={entry().guest}
            title={inSession() ? titleInSession(entry(), hideNames()) : titleOutside(entry(), now())}
            details={details(entry(), hideNames(), others())}
            dark={inSession()}
            onDismiss={() => props.room.dismissAnnouncement()}
            actions={
              <>
                <Show
                  when={inSession()}
                  fallback={
                    <StartActions
                      appointment={entry().appointment}
                      practice={props.practice}
                      now={now()}
                      preparing={props.preparing}
                      onStart={props.onStart}
                      onOpenSchedule={props.onOpenSchedule}
                    />
                  }
                >
                  <Button kind="primary" busy={held() !== null} onClick={() => void acceptance.accept(entry())}>
                    {words().accept}
                  </Button>
                </Show>
                <Button onClick={() => props.room.decline(entry().guest)}>{words().decline}</Button>
                <Button
                  kind="plain"
                  onClick={() => {
                    props.room.askForAMoment(entry().guest)
                    announce(words().momentSent)
                  }}
                >
                  {words().moment}
                </Button>
              </>
            }
          >
            <Show when={inSession() && held()}>
              <p role="status">{held()}</p>
            </Show>
            <Show when={acceptance.refusal()}>
              {(kind) => (
                <Banner tone="warning" role="alert">
                  {refusalWords(kind())}
                </Banner>
              )}
            </Show>
            <Show when={sound().sound === 'blocked'}>
              <SoundBlocked browser={props.browser} unblock={() => props.announcer.unblock()} />
            </Show>
          </ArrivalDialog>
        )}
      </Show>
      <AnsweredElsewhere
        room={props.room}
        notice={state().elsewhere ? null : state().devices.notice}
        dark={inSession()}
        clock={props.clock}
      />
      <AcceptQuestion acceptance={acceptance} held={held()} hideNames={hideNames()} now={now()} />
    </>
  )
}

/** Outside a session there is nothing to be accepted into yet: the way there is offered, or why there is none. */
function StartActions(props: {
  readonly appointment: Appointment | null
  readonly practice: PracticeState
  readonly now: number
  readonly preparing: AppointmentId | null
  readonly onStart: (appointment: Appointment) => void
  readonly onOpenSchedule: () => void
}) {
  const words = () => sessionWords().arrival
  const reason = (saved: Appointment) => {
    const { practice, me, members } = props.practice
    const answer = eligibility({ saved, practice, me, now: props.now })
    if (answer.eligible) return null
    const context = { words: scheduleWords(), me, members, saved, now: props.now, formatTime, formatDay, formatChoice }
    return reasonSentences(answer.reason, context).join(' ')
  }
  return (
    <Show
      when={props.appointment}
      fallback={
        <>
          <p>{words().guestHint}</p>
          <Button kind="primary" onClick={props.onOpenSchedule}>
            {words().openSchedule}
          </Button>
        </>
      }
    >
      {(appointment) => (
        <Show when={appointment().id !== props.preparing}>
          <Show
            when={reason(appointment())}
            fallback={
              <Button kind="primary" onClick={() => props.onStart(appointment())}>
                {words().start}
              </Button>
            }
          >
            {(why) => <p>{words().notEligible(why())}</p>}
          </Show>
        </Show>
      )}
    </Show>
  )
}

function titleInSession(entry: WaitingEntry, hideNames: boolean): string {
  const words = sessionWords().arrival
  return hideNames ? words.inSessionHidden : words.inSession(shownName(entry, false))
}

function titleOutside(entry: WaitingEntry, now: number): string {
  const words = sessionWords().arrival
  const name = shownName(entry, false)
  return entry.appointment ? words.waitingFor(name, formatWhen(entry.appointment.startAt, now)) : words.waitingGuest(name)
}

function details(entry: WaitingEntry, hideNames: boolean, others: number): readonly string[] {
  const words = sessionWords().arrival
  const typed = typedName(entry, hideNames)
  return [typed && words.typed(typed), others > 0 ? words.more(others) : null].filter((line) => line !== null)
}
