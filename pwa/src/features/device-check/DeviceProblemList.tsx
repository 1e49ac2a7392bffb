import { createMemo, For, type JSX, Show } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert } from '../../ui/icons.ts'
import { type Browser, detectBrowser } from './browser.ts'
import { CheckSteps } from './CheckSteps.tsx'
import { deviceHelp } from './check-help.ts'
import styles from './DeviceProblemList.module.css'
import { type DeviceTrouble, troublesOf } from './device-problems.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** S18: what is wrong, one thing to press, and the steps for this browser. */
export function DeviceProblemList(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const browser = detectBrowser(navigator)
  let box!: HTMLDivElement
  // The same trouble keeps its element: an alert is read once, and steps that were opened stay open.
  const troubles = createMemo(() => troublesOf(props.state), [], { equals: sameTroubles })
  async function retry(): Promise<void> {
    await props.media.open()
    // The button went with the problem; whoever came by keyboard goes on from here.
    if (document.activeElement === document.body) box.focus()
  }
  return (
    <div ref={box} class={styles.problems} tabindex="-1">
      <For each={troubles()}>{(trouble) => <Trouble trouble={trouble} browser={browser} onRetry={() => void retry()} />}</For>
    </div>
  )
}

function sameTroubles(before: readonly DeviceTrouble[], after: readonly DeviceTrouble[]): boolean {
  return (
    before.length === after.length && before.every(({ what, problem }, at) => what === after[at]?.what && problem === after[at]?.problem)
  )
}

function Trouble(props: { readonly trouble: DeviceTrouble; readonly browser: Browser; readonly onRetry: () => void }): JSX.Element {
  const words = () => troublesWords().problem[props.trouble.problem](props.trouble.what)
  const helpAgainst = () => deviceHelp(props.trouble.problem, null).steps
  return (
    <Banner
      tone="warning"
      role="alert"
      icon={<Icon of={CircleAlert} />}
      actions={<Button onClick={props.onRetry}>{troublesWords().retry}</Button>}
    >
      <p class={styles.title}>{words().title}</p>
      <p>{words().text}</p>
      <Show when={helpAgainst()}>{(steps) => <CheckSteps of={steps()} browser={props.browser} about={words().title} />}</Show>
    </Banner>
  )
}
