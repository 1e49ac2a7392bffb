import { createSignal, type JSX } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import type { Screen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'
import { words } from '../ui/speech.ts'

/** The extension may not show system notifications yet: why it would, and the browser's question. */
export function NotifiesCard(props: { readonly screen: Screen; readonly port: ScreenPort }): JSX.Element {
  const [wasRefused, setWasRefused] = createSignal(false)
  async function allow(): Promise<void> {
    const isAllowed = await props.port.ask.permission('notifications')
    setWasRefused(!isAllowed)
    if (isAllowed) await props.screen.tell({ type: 'get-state' })
  }
  return (
    <Card title={words().notifies.title} actions={<Button onClick={() => void allow()}>{words().notifies.allow}</Button>}>
      <p>{words().notifies.text}</p>
      <p role="status">{wasRefused() ? words().notifies.refused : ''}</p>
    </Card>
  )
}
