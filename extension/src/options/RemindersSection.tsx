import { type Reminders, reminderChoices } from '@alcove/shared/protocol/extension-inside'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import field from '../ui/field.module.css'
import { when, words } from '../ui/speech.ts'
import styles from './Options.module.css'
import type { SectionProps } from './section.ts'

/** The early warning: only with the person's consent, which is this switch. */
export function RemindersSection(props: SectionProps): JSX.Element {
  const [wasRefused, setWasRefused] = createSignal(false)
  const said = () => words().optionsPage.reminders
  const reminders = () => props.state.reminders
  const tell = (change: Partial<Reminders>) => void props.screen.tell({ type: 'set-reminders', reminders: { ...reminders(), ...change } })

  function turn(isOn: boolean): void {
    const { minutesBefore } = reminders()
    tell({ isOn, minutesBefore: isOn && minutesBefore.length === 0 ? [15] : minutesBefore })
  }

  function toggle(minutes: (typeof reminderChoices)[number]): void {
    const { minutesBefore } = reminders()
    const has = minutesBefore.includes(minutes)
    tell({ minutesBefore: reminderChoices.filter((one) => (one === minutes ? !has : minutesBefore.includes(one))) })
  }

  async function allow(): Promise<void> {
    const isAllowed = await props.port.ask.permission('notifications')
    setWasRefused(!isAllowed)
    if (isAllowed) await props.screen.tell({ type: 'get-state' })
  }

  return (
    <section class={styles.section}>
      <h2>{said().title}</h2>
      <p>{said().text}</p>
      <label class={field.check}>
        <input type="checkbox" checked={reminders().isOn} onChange={(event) => turn(event.currentTarget.checked)} />
        {said().on}
      </label>
      <fieldset>
        <legend>{said().when}</legend>
        <div class={styles.minutes}>
          <For each={reminderChoices}>
            {(minutes) => (
              <label class={field.check}>
                <input
                  type="checkbox"
                  disabled={!reminders().isOn}
                  checked={reminders().minutesBefore.includes(minutes)}
                  onChange={() => toggle(minutes)}
                />
                {said().minutes(minutes)}
              </label>
            )}
          </For>
        </div>
      </fieldset>
      <Show when={reminders().isOn}>
        <p>{props.state.nextAt === null ? said().none : said().next(when(props.state.nextAt, props.screen.now()))}</p>
        <Show when={props.state.notifies === 'needs-consent'}>
          <p>{said().needsNotifications}</p>
          <div class={styles.row}>
            <Button onClick={() => void allow()}>{words().notifies.allow}</Button>
            <p class={styles.soft} role="status">
              {wasRefused() ? words().notifies.refused : ''}
            </p>
          </div>
        </Show>
      </Show>
    </section>
  )
}
