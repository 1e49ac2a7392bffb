import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import type { JSX } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import type { Screen } from '../ui/screen.ts'
import { words } from '../ui/speech.ts'

export function WaitingCard(props: { readonly waiting: ScreenState['waiting']; readonly screen: Screen }): JSX.Element {
  return (
    <Card
      tone="accent"
      role="status"
      row
      title={words().waiting.title(props.waiting.people)}
      actions={
        <Button kind="primary" onClick={() => void props.screen.tell({ type: 'open-site' })}>
          {words().waiting.open}
        </Button>
      }
    >
      <p>{words().waiting[props.waiting.rings]}</p>
    </Card>
  )
}
