import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { Button } from './Button.tsx'
import { Card } from './Card.tsx'
import type { Screen, Trouble } from './screen.ts'
import { words } from './speech.ts'

/** The background gave no answer, or could not do what was asked. */
export function TroubleCard(props: { readonly trouble: Trouble; readonly screen: Screen }): JSX.Element {
  const title = () => (props.trouble === 'no-answer' ? words().failed.title : words().failed.reasons[props.trouble])
  return (
    <Card
      tone="danger"
      role="alert"
      title={title()}
      actions={
        props.trouble === 'no-answer' ? (
          <Button onClick={() => void props.screen.tell({ type: 'get-state' })} busy={props.screen.busy() !== null}>
            {words().failed.again}
          </Button>
        ) : undefined
      }
    >
      <Show when={props.trouble === 'no-answer'}>
        <p>{words().failed.text}</p>
      </Show>
    </Card>
  )
}
