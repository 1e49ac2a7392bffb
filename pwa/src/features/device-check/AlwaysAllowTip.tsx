import { For, type JSX, Show } from 'solid-js'
import { devicesWords, troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { later } from '../../ui/later.ts'
import styles from './AlwaysAllowTip.module.css'
import type { StepsKey } from './browser.ts'

/** S14. The steps are fetched when they are asked for. */
export function AlwaysAllowTip(props: { readonly steps: StepsKey }): JSX.Element {
  const steps = later(async () => {
    await use(troublesWords)
    return () => troublesWords().alwaysAllow
  })
  return (
    <details class={styles.tip} onToggle={steps.load}>
      <summary>{devicesWords().alwaysAllow}</summary>
      <Show when={steps.part()}>
        {(words) => (
          <div class={styles.body}>
            <p>{words()().intro}</p>
            <ol>
              <For each={words()().steps[props.steps]}>{(step) => <li>{step}</li>}</For>
            </ol>
          </div>
        )}
      </Show>
    </details>
  )
}
