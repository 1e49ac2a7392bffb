import type { JSX } from 'solid-js'
import { peopleWords } from '../../words/areas.ts'
import type { Removal } from '../../sync-ports.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './RemovedPage.module.css'

export type RemovedPageProps = {
  readonly removal: Removal
  readonly mark: JSX.Element
  readonly onJoin: () => void
  readonly onSetUp: () => void
}

/** What a device shows once it has erased its copy. */
export function RemovedPage(props: RemovedPageProps): JSX.Element {
  const words = () => peopleWords().removed
  return (
    <main class={styles.page}>
      {props.mark}
      <h1>{words().title(props.removal.practice, props.removal.by)}</h1>
      <p>{words().erased}</p>
      <p class={styles.soft}>{words().hint}</p>
      <div class={styles.actions}>
        <Button kind="primary" onClick={() => props.onJoin()}>
          {words().join}
        </Button>
        <Button onClick={() => props.onSetUp()}>{words().setUp}</Button>
      </div>
    </main>
  )
}
