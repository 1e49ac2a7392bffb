import { createSignal, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import field from '../ui/field.module.css'
import type { Screen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'
import { words } from '../ui/speech.ts'
import styles from './Options.module.css'

/** For support: shown before it can be copied, so that nobody sends what they have not seen. */
export function ReportSection(props: { readonly screen: Screen; readonly port: ScreenPort }): JSX.Element {
  const [text, setText] = createSignal<string | null>(null)
  const [copied, setCopied] = createSignal<'no' | 'yes' | 'failed'>('no')
  const said = () => words().optionsPage.report
  let area: HTMLTextAreaElement | undefined

  async function show(): Promise<void> {
    setCopied('no')
    setText(await props.screen.report())
    area?.focus()
  }

  async function copy(): Promise<void> {
    const isCopied = await props.port.copy(text() ?? '')
    setCopied(isCopied ? 'yes' : 'failed')
    if (!isCopied) area?.select()
  }

  return (
    <section class={styles.section}>
      <h2>{said().title}</h2>
      <p>{said().text}</p>
      <Show
        when={text() !== null}
        fallback={
          <div class={styles.row}>
            <Button busy={props.screen.busy() === 'copy-report'} onClick={() => void show()}>
              {said().show}
            </Button>
          </div>
        }
      >
        <label class={field.field}>
          <span class={field.label}>{said().label}</span>
          <textarea ref={area} class={styles.report} readOnly value={text() ?? ''} />
        </label>
        <div class={styles.row}>
          <Button kind="primary" onClick={() => void copy()}>
            {said().copy}
          </Button>
          <p class={styles.soft} role="status">
            {copied() === 'no' ? '' : copied() === 'yes' ? said().copied : said().copyFailed}
          </p>
        </div>
      </Show>
    </section>
  )
}
