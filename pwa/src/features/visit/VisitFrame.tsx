import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { joinWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './VisitFrame.module.css'

export type VisitFrameProps = {
  readonly practice: string
  readonly onLanguage: () => void
  /** Absent where there is nothing to help with yet. */
  readonly onHelp?: ((topic: 'connection' | 'contact') => void) | undefined
  readonly children: JSX.Element
}

/** Everything outside the session: practice and language above, help and contact below (S43, S44). */
export function VisitFrame(props: VisitFrameProps): JSX.Element {
  return (
    <div class={styles.frame}>
      <header class={styles.header}>
        <p class={styles.practice}>{props.practice}</p>
        <Button kind="plain" lang={otherTag()} title={joinWords().language} onClick={props.onLanguage}>
          {joinWords().otherLanguage}
        </Button>
      </header>
      <main class={styles.main}>{props.children}</main>
      <Show when={props.onHelp}>
        {(help) => (
          <footer class={styles.footer}>
            <Button kind="plain" onClick={() => help()('connection')}>
              {joinWords().help}
            </Button>
            <Button kind="plain" onClick={() => help()('contact')}>
              {joinWords().contact}
            </Button>
          </footer>
        )}
      </Show>
    </div>
  )
}

const otherTag = () => (joinWords().otherLanguage === 'English' ? 'en' : 'es')

/** The title of a page that took another's place: it takes the focus, so that it is read out. */
export function PageTitle(props: { readonly children: JSX.Element; readonly quiet?: boolean }): JSX.Element {
  return (
    <h1
      class={styles.title}
      tabindex="-1"
      ref={(title) => {
        if (!props.quiet) queueMicrotask(() => title.focus({ preventScroll: true }))
      }}
    >
      {props.children}
    </h1>
  )
}
