import { Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './PeoplePanel.module.css'
import type { WaitingEntry } from './room-state.ts'
import { formatWhen } from './session-time.ts'
import { shownName, typedName } from './waiting-names.ts'

const minuteMs = 60_000

/** One person in the waiting room, with the name on record and the name typed. */
export function WaitingPerson(props: {
  readonly entry: WaitingEntry
  readonly hideNames: boolean
  /** Nobody can be let in now. */
  readonly held: boolean
  /** Epoch ms. */
  readonly now: number
  readonly onAccept: () => void
  readonly onDecline: () => void
  readonly onMoment: (name: string) => void
}) {
  const words = () => sessionWords().people
  const name = () => shownName(props.entry, props.hideNames)
  const named = (withName: (name: string) => string, alone: string) => (props.hideNames ? alone : withName(name()))
  const details = () => {
    const { appointment, presence, firstSeenAt } = props.entry
    const minutes = Math.floor(Math.max(0, props.now - firstSeenAt) / minuteMs)
    return [
      appointment && words().waitsFor(formatWhen(appointment.startAt, props.now)),
      presence === 'away' ? words().away : words().sinceMinutes(minutes),
    ]
      .filter((detail) => detail !== null)
      .join(' · ')
  }

  return (
    <li class={styles.waiting} data-away={props.entry.presence === 'away' ? '' : undefined}>
      <div class={styles.who}>
        <span class={styles.name}>{name()}</span>
        <Show when={typedName(props.entry, props.hideNames)}>{(typed) => <span class={styles.typed}>{words().typed(typed())}</span>}</Show>
        <span class={styles.detail}>{details()}</span>
      </div>
      <div class={styles.answers}>
        <Button kind="primary" aria-label={named(words().acceptName, words().accept)} busy={props.held} onClick={props.onAccept}>
          {words().accept}
        </Button>
        <Button aria-label={named(words().declineName, words().decline)} onClick={props.onDecline}>
          {words().decline}
        </Button>
        <Button kind="plain" aria-label={named(words().momentName, words().moment)} onClick={() => props.onMoment(name())}>
          {words().moment}
        </Button>
      </div>
    </li>
  )
}
