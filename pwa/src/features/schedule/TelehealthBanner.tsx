import type { Appointment } from '@alcove/shared/domain/appointment'
import { eligibility } from '@alcove/shared/domain/eligibility'
import type { JSX } from 'solid-js'
import { createMemo, For, Match, Show, Switch } from 'solid-js'
import { practiceWords, scheduleWords } from '../../words/areas.ts'
import { formatChoice, formatDay, formatTime } from '../../words/formats.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Clock, Video } from '../../ui/icons.ts'
import { reasonSentences } from './reasons.ts'
import type { ScheduleDoors } from './schedule-doors.ts'
import styles from './TelehealthBanner.module.css'

export type TelehealthBannerProps = {
  readonly doors: ScheduleDoors
  readonly saved: Appointment | null
  readonly dirty: boolean
  readonly onStart: () => void
  readonly onMoveHere: () => void
}

/** S12: the start, if and only if the saved appointment is eligible now; else why not. Follows the clock. */
export function TelehealthBanner(props: TelehealthBannerProps): JSX.Element {
  const verdict = createMemo(() =>
    eligibility({ saved: props.saved, practice: props.doors.practice, me: props.doors.me, now: props.doors.now }),
  )
  const running = () => props.saved !== null && props.doors.runningAppointmentId === props.saved.id
  const remote = () => {
    const there = props.doors.remoteSession
    return there && !running() && there.appointmentId === props.saved?.id ? there : null
  }
  // The sentences change a few times a day, the clock every second: nothing is announced twice.
  const sentences = createMemo(
    () => {
      const outcome = verdict()
      const words = scheduleWords()
      if (running()) return [words.banner.running]
      const there = remote()
      if (there) return [practiceWords().devices.running(there.label)]
      if (outcome.eligible) return [words.banner.open(formatTime(outcome.closesAt))]
      const { me, members, now } = props.doors
      return reasonSentences(outcome.reason, { words, me, members, saved: props.saved, now, formatTime, formatDay, formatChoice })
    },
    [],
    { equals: (a, b) => a.join('\n') === b.join('\n') },
  )
  const startable = createMemo(() => verdict().eligible || remote() !== null)
  return (
    <section aria-label={scheduleWords().banner.label} class={styles.section}>
      <Banner
        tone={startable() || running() ? 'accent' : 'calm'}
        role="status"
        icon={<Icon of={startable() || running() ? Video : Clock} />}
        actions={
          <Switch>
            <Match when={running()}>
              <Button kind="primary" onClick={() => props.doors.returnToSession()}>
                {scheduleWords().banner.return}
              </Button>
            </Match>
            <Match when={remote()}>
              <Button kind="primary" onClick={() => props.onMoveHere()}>
                {practiceWords().devices.moveHere}
              </Button>
            </Match>
            <Match when={startable()}>
              <Button kind="primary" onClick={() => props.onStart()}>
                {scheduleWords().banner.start}
              </Button>
            </Match>
          </Switch>
        }
      >
        <For each={sentences()}>{(sentence) => <p>{sentence}</p>}</For>
        <Show when={props.dirty && props.saved}>
          <p class={styles.note}>{scheduleWords().banner.dirty}</p>
        </Show>
      </Banner>
    </section>
  )
}
