import { createSignal, For, type JSX, Show } from 'solid-js'
import { checkWords, helpWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { type Browser, stepsKey } from './browser.ts'
import styles from './CheckSteps.module.css'
import { type CheckSteps as Steps, pictureFor } from './check-help.ts'
import { StepPicture } from './StepPicture.tsx'

/** What to do, for this browser and system, behind one button. */
export function CheckSteps(props: {
  readonly of: Steps
  readonly browser: Browser
  readonly about: string
  readonly isOpen?: boolean
}): JSX.Element {
  const [ready, setReady] = createSignal(false)
  // The words of the help page, which has the same steps: one place to keep them true.
  void Promise.all([use(helpWords), use(checkWords)]).then(() => setReady(true))
  return (
    <Show when={ready()}>
      <details class={styles.steps} open={props.isOpen}>
        <summary>
          {checkWords().showSteps}
          <span class="visually-hidden">: {props.about}</span>
        </summary>
        <div class={styles.body}>
          <StepPicture of={pictureFor(props.of, props.browser)} />
          <ol>
            <For each={stepsOf(props.of, props.browser)}>{(step) => <li>{step}</li>}</For>
          </ol>
        </div>
      </details>
    </Show>
  )
}

function stepsOf(steps: Steps, browser: Browser): readonly string[] {
  const key = stepsKey(browser)
  switch (steps) {
    case 'allow-devices':
      return helpWords().camera.browsers[key].steps
    case 'allow-sound':
      return helpWords().sound.browsers[key].steps
    case 'allow-notifications':
      return checkWords().steps['allow-notifications'][key]
    case 'system':
      return checkWords().steps.system[browser.system]
    default:
      return checkWords().steps[steps]
  }
}
