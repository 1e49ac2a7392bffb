import { createEffect, onCleanup, onMount, Show } from 'solid-js'
import { Portal } from 'solid-js/web'
import { practiceWords, sessionWords } from '../../words/areas.ts'
import type { Clock } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { X } from '../../ui/icons.ts'
import dark from '../session/dark.module.css'
import type { ClinicianRoom, DeviceNotice } from '../session/room-state.ts'
import styles from './AnsweredElsewhere.module.css'
import { keepOnTop } from './on-top.ts'

type Answered = Extract<DeviceNotice, { kind: 'answered' }>

/** Read in passing; what it says can be seen on the other device. */
const shownForMs = 8000

/** Whoever rang here was answered on another device of mine: said once, and never who it was. */
export function AnsweredElsewhere(props: {
  readonly room: Pick<ClinicianRoom, 'dismissDeviceNotice'>
  readonly notice: DeviceNotice | null
  readonly dark: boolean
  readonly clock: Pick<Clock, 'after'>
}) {
  const answered = () => (props.notice?.kind === 'answered' ? props.notice : null)
  return (
    <Show when={answered()}>
      {(notice) => <Card notice={notice()} dark={props.dark} clock={props.clock} onClose={() => props.room.dismissDeviceNotice()} />}
    </Show>
  )
}

function Card(props: {
  readonly notice: Answered
  readonly dark: boolean
  readonly clock: Pick<Clock, 'after'>
  readonly onClose: () => void
}) {
  let card!: HTMLDivElement
  onMount(() => onCleanup(keepOnTop(card)))
  createEffect(() => {
    announce(answeredWords(props.notice))
    onCleanup(props.clock.after(shownForMs, props.onClose))
  })
  return (
    <Portal>
      <div ref={card} class={`${styles.card} ${props.dark ? dark.dark : ''}`} role="region" aria-label={answeredWords(props.notice)}>
        <p>{answeredWords(props.notice)}</p>
        <Button
          kind="plain"
          iconOnly
          icon={<Icon of={X} />}
          aria-label={sessionWords().box.dismiss}
          title={sessionWords().box.dismiss}
          onClick={props.onClose}
        />
      </div>
    </Portal>
  )
}

function answeredWords({ how, label }: Answered): string {
  const words = practiceWords().devices
  if (how === 'accepted') return label ? words.accepted(label) : words.acceptedSomewhere
  return label ? words.declined(label) : words.declinedSomewhere
}
