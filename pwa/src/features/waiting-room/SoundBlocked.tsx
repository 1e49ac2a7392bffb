import { createSignal, For, Show } from 'solid-js'
import { helpWords, sessionWords } from '../../words/areas.ts'
import type { HelpBrowser } from '../../words/help.en.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { VolumeX } from '../../ui/icons.ts'
import styles from './SoundBlocked.module.css'

/** S22: the chime was not heard. A click often frees it; else the steps for this browser. */
export function SoundBlocked(props: { readonly browser: HelpBrowser; readonly unblock: () => Promise<void> }) {
  const [tried, setTried] = createSignal(false)
  const steps = () => helpWords().sound.browsers[props.browser]
  return (
    <div class={styles.blocked}>
      <Banner
        tone="warning"
        role="status"
        icon={<Icon of={VolumeX} />}
        actions={
          <Button
            onClick={async () => {
              await props.unblock()
              setTried(true)
            }}
          >
            {sessionWords().arrival.soundTry}
          </Button>
        }
      >
        {tried() ? sessionWords().arrival.soundStillBlocked : sessionWords().arrival.soundBlocked}
      </Banner>
      <details class={styles.steps} open={tried() || props.browser === 'safari'}>
        <summary>{sessionWords().arrival.soundSteps}</summary>
        <Show when={steps().text}>{(text) => <p>{text()}</p>}</Show>
        <ol>
          <For each={steps().steps}>{(step) => <li>{step}</li>}</For>
        </ol>
      </details>
    </div>
  )
}
