import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { recoveryWords } from '../../words/areas.ts'
import styles from './Recovery.module.css'

export type RecoveryCardProps = {
  /** What is left to do; null for nothing. */
  readonly lacks: 'kit' | 'test' | null
  readonly href: string
}

/** Above the schedule, quiet, until a kit was made and tested. */
export function RecoveryCard(props: RecoveryCardProps): JSX.Element {
  const words = () => recoveryWords().card
  return (
    <Show when={props.lacks} keyed>
      {(lacks) => (
        <section class={styles.card} aria-label={recoveryWords().title}>
          <p>{lacks === 'kit' ? words().make : words().test}</p>
          <a class={styles.link} href={props.href}>
            {lacks === 'kit' ? words().makeAction : words().testAction}
          </a>
        </section>
      )}
    </Show>
  )
}
