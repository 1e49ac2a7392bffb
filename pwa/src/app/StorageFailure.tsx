import type { JSX } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { FullPage } from './FullPage.tsx'
import { shellWords } from '../words/areas.ts'

export type StorageFailureProps = {
  /** The store's words: no storage at all, a practice that cannot be read, or one written by a newer version. */
  readonly error: 'unavailable' | 'unreadable' | 'newer'
}

/** Without a store there is nothing to open, and nothing may be overwritten. */
export function StorageFailure(props: StorageFailureProps): JSX.Element {
  const words = () => shellWords().storage
  const sentences = () =>
    ({
      unavailable: [words().failed, words().failedHint],
      unreadable: [words().unreadable, words().unreadableHint],
      newer: [words().newer, words().newerHint],
    })[props.error] as [string, string]
  return (
    <FullPage
      title={sentences()[0]}
      hint={sentences()[1]}
      action={
        <Button kind="primary" onClick={() => window.location.reload()}>
          {words().retry}
        </Button>
      }
    />
  )
}
