import type { CheckStatus } from '@alcove/shared/domain/device-check'
import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { createMemo, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import type { Screen } from '../ui/screen.ts'
import { ago, when, words } from '../ui/speech.ts'
import styles from './Summary.module.css'
import { type Headline, headlineOf } from './view.ts'

/** The whole check in one line, its age, and the way to look again. */
export function Summary(props: { readonly state: ScreenState; readonly screen: Screen }): JSX.Element {
  const headline = createMemo(() => headlineOf(props.state, props.screen.now()))
  const status = (): CheckStatus => {
    const present = headline()
    if (present.kind === 'warned') return 'problem'
    return present.kind === 'checked' ? present.summary.status : 'open'
  }
  const isDone = () => headline().kind === 'checked' || headline().kind === 'warned'
  return (
    <section class={styles.summary}>
      <Icon of={status()} tone={status()} large />
      <div class={styles.words} role="status">
        <h2>{title(headline())}</h2>
        <p>{text(headline(), props.screen.now())}</p>
        <Show when={props.state.nextAt}>{(nextAt) => <p>{words().summary.next(when(nextAt(), props.screen.now()))}</p>}</Show>
      </div>
      <div class={styles.actions}>
        <Button kind={status() === 'ready' ? 'secondary' : 'primary'} onClick={() => void props.screen.tell({ type: 'check' })}>
          {isDone() ? words().checkAgain : words().check}
        </Button>
        <Button onClick={() => void props.screen.tell({ type: 'open-site' })}>{words().openSite}</Button>
      </div>
    </section>
  )
}

function title(headline: Headline): string {
  const said = words().summary
  if (headline.kind === 'warned') return said.problem(headline.count)
  if (headline.kind !== 'checked') return headline.kind === 'never' ? said.never : said.checking
  const { status, problems, warnings } = headline.summary
  if (status === 'problem') return said.problem(problems.length)
  if (status === 'warning') return said.warning(warnings.length)
  return status === 'ready' ? said.ready : said.checking
}

function text(headline: Headline, now: number): string {
  const said = words().summary
  if (headline.kind === 'warned') return said.checked(ago(headline.at, now))
  if (headline.kind !== 'checked') return headline.kind === 'never' ? said.neverText : said.checkingText
  return headline.isOld ? said.old(ago(headline.at, now)) : said.checked(ago(headline.at, now))
}
