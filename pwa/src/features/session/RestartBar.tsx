import { type JSX, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { RefreshCw } from '../../ui/icons.ts'
import { formatNames } from './session-time.ts'

/** S41, S42: stands at the top of the page after an end, the same on both sides. */
export function RestartBar(props: {
  readonly title: string
  readonly iWant: boolean
  /** Names of the others who have chosen it, and of those who have not. */
  readonly wanting: readonly string[]
  readonly missing: readonly string[]
  readonly until?: string | null
  readonly onRestart: () => void
  readonly actions?: JSX.Element
}) {
  const words = () => sessionWords().end
  const progress = () => {
    if (props.iWant) {
      const others = props.missing.length > 0 ? words().waitingFor(formatNames(props.missing)) : ''
      return `${words().youChose} ${others}`.trim()
    }
    return props.wanting.length > 0 ? words().otherChose(formatNames(props.wanting), props.wanting.length) : ''
  }
  return (
    <Banner
      tone="accent"
      role="region"
      label={words().restart}
      icon={<Icon of={RefreshCw} />}
      actions={
        <>
          <Show when={!props.iWant}>
            <Button kind="primary" onClick={props.onRestart}>
              {words().restart}
            </Button>
          </Show>
          {props.actions}
        </>
      }
    >
      <p>
        <strong>{props.title}</strong> <Show when={props.until}>{(until) => words().until(until())}</Show>
      </p>
      <p role="status">{progress()}</p>
    </Banner>
  )
}
