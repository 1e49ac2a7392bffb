import { createEffect, createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { fromEngine } from '../session/from-engine.ts'
import { isTrouble, isWait, newsOf, patienceMs } from './background-view.ts'
import { BackgroundNews, type BackgroundNewsProps } from './BackgroundNews.tsx'
import { pickers } from './BackgroundPicker.tsx'
import styles from './BackgroundTroubles.module.css'

/** Over the stage: whoever has closed Settings must hear it too that the others see black, or see badly; of short waits nothing. */
export function BackgroundTroubles(props: Pick<BackgroundNewsProps, 'control' | 'media' | 'onDecided'>): JSX.Element {
  const state = fromEngine(props.control)
  const news = createMemo(() => newsOf(state(), props.control.support()))
  const [isLong, setLong] = createSignal(false)
  const waits = createMemo(() => isWait(news(), state()))
  createEffect(() => {
    setLong(false)
    if (!waits()) return
    const timer = setTimeout(() => setLong(true), patienceMs)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div role="alert" class={styles.troubles}>
      <Show when={pickers() === 0 && (isTrouble(news(), state()) || (waits() && isLong()))}>
        <BackgroundNews news={news()} state={state()} control={props.control} media={props.media} onDecided={props.onDecided} />
      </Show>
    </div>
  )
}
