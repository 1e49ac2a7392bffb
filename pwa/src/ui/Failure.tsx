import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { Banner } from './Banner.tsx'
import styles from './Failure.module.css'
import { Icon } from './Icon.tsx'
import { CircleAlert } from './icons.ts'

/** What to do now, with the next step as a button; what happened stands in the heading of the page. */
export function Failure(props: {
  /** Nothing went wrong: it is only not needed. */
  readonly calm: boolean
  readonly text: string
  readonly note: string | null
  /** Buttons. */
  readonly children: JSX.Element
}): JSX.Element {
  return (
    <>
      <Banner tone={props.calm ? 'calm' : 'danger'} role="alert" icon={<Icon of={CircleAlert} />}>
        {props.text}
      </Banner>
      <Show when={props.note}>{(note) => <p>{note()}</p>}</Show>
      <div class={styles.actions}>{props.children}</div>
    </>
  )
}
