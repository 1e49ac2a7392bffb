import { For, type JSX } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import styles from './AlwaysAllowSteps.module.css'
import type { StepsKey } from './browser.ts'

export function AlwaysAllowSteps(props: { readonly steps: StepsKey }): JSX.Element {
  const words = () => troublesWords().alwaysAllow
  return (
    <div class={styles.body}>
      <p>{words().intro}</p>
      <ol>
        <For each={words().steps[props.steps]}>{(step) => <li>{step}</li>}</For>
      </ol>
    </div>
  )
}
