import type { JSX } from 'solid-js'
import { For, onMount } from 'solid-js'
import styles from './Pairing.module.css'

export type CompareCodeProps = {
  /** Six digits. */
  readonly code: string
  /** Read out: the digits one by one. */
  readonly label: string
}

/** Large digits in two groups of three, as people read them to each other. Takes the focus, so that it is read out. */
export function CompareCode(props: CompareCodeProps): JSX.Element {
  let element: HTMLParagraphElement | undefined
  onMount(() => element?.focus())
  return (
    <p ref={element} class={styles.code} tabIndex={-1} role="group" aria-label={props.label} data-code={props.code}>
      <For each={[props.code.slice(0, 3), props.code.slice(3)]}>{(group) => <span aria-hidden="true">{group}</span>}</For>
    </p>
  )
}

/** "1 2 3 4 5 6": so that nobody hears a hundred thousand. */
export function spokenDigits(code: string): string {
  return code.split('').join(' ')
}
