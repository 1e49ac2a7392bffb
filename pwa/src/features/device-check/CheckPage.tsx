import type { CheckLine } from '@alcove/shared/domain/device-check'
import { createSignal, type JSX } from 'solid-js'
import { checkWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { RefreshCw } from '../../ui/icons.ts'
import { fromEngine } from '../session/from-engine.ts'
import type { Browser } from './browser.ts'
import { CheckList, CheckSummary } from './CheckList.tsx'
import styles from './CheckPage.module.css'
import type { CheckEngine } from './check-engine.ts'
import { DeviceNotices } from './DeviceNotices.tsx'
import { DevicePickers } from './DevicePickers.tsx'
import type { LocalMedia } from './local-media-state.ts'
import { OwnVideo } from './OwnVideo.tsx'
import { SoundMeter } from './SoundMeter.tsx'

export type CheckPageProps = {
  readonly engine: CheckEngine
  /** Whoever mounts this also calls `media.open()`. */
  readonly media: LocalMedia
  readonly browser: Browser
  /** The line whose steps stand open. */
  readonly open: CheckLine | null
  readonly onLanguage: () => void
}

/** `/check`: oneself at the left, what was found at the right. */
export function CheckPage(props: CheckPageProps): JSX.Element {
  const devices = fromEngine(props.media)
  const state = fromEngine(props.engine)
  const [busy, setBusy] = createSignal(false)
  async function again(): Promise<void> {
    setBusy(true)
    await props.engine.again().finally(() => setBusy(false))
  }
  const otherTag = () => (checkWords().otherLanguage === 'English' ? 'en' : 'es')
  return (
    <div class={styles.frame}>
      <header class={styles.header}>
        <h1>{checkWords().pageTitle}</h1>
        <Button kind="plain" lang={otherTag()} title={checkWords().language} onClick={props.onLanguage}>
          {checkWords().otherLanguage}
        </Button>
      </header>
      <main class={styles.main}>
        <p class={styles.intro}>{checkWords().intro}</p>
        <div class={styles.columns}>
          <div class={styles.self}>
            <OwnVideo media={props.media} state={devices()} />
            <SoundMeter media={props.media} state={devices()} />
            <DeviceNotices media={props.media} state={devices()} />
          </div>
          <section class={styles.found} aria-labelledby="found">
            <h2 id="found" class="visually-hidden">
              {checkWords().lines}
            </h2>
            <div class={styles.top}>
              <CheckSummary state={state()} />
              <Button kind="plain" icon={<Icon of={RefreshCw} />} busy={busy()} onClick={() => void again()}>
                {checkWords().again}
              </Button>
            </div>
            <CheckList engine={props.engine} state={state()} media={props.media} browser={props.browser} open={props.open} />
          </section>
          <div class={styles.pickers}>
            <DevicePickers media={props.media} state={devices()} />
          </div>
        </div>
      </main>
    </div>
  )
}
