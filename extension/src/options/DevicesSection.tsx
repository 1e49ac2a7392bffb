import { For, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { words } from '../ui/speech.ts'
import styles from './Options.module.css'
import type { SectionProps } from './section.ts'

const kinds = ['camera', 'microphone', 'speaker'] as const

/** The devices are chosen in the site, whose permission it is to know them; here they can be read. */
export function DevicesSection(props: SectionProps): JSX.Element {
  const said = () => words().optionsPage.devices
  return (
    <section class={styles.section}>
      <h2>{said().title}</h2>
      <Show when={props.state.devices} fallback={<p>{said().unknown}</p>}>
        {(devices) => (
          <>
            <p>{said().text}</p>
            <dl class={styles.devices}>
              <For each={kinds}>
                {(kind) => (
                  <>
                    <dt>{said()[kind]}</dt>
                    <dd>{devices()[kind] ?? said().system}</dd>
                  </>
                )}
              </For>
            </dl>
          </>
        )}
      </Show>
      <Show when={props.state.chosen}>
        <div class={styles.row}>
          <Button onClick={() => void props.screen.tell({ type: 'check' })}>{said().change}</Button>
        </div>
      </Show>
    </section>
  )
}
