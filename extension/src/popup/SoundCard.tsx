import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { createSignal, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import type { Screen } from '../ui/screen.ts'
import { words } from '../ui/speech.ts'
import { Steps } from '../ui/Steps.tsx'
import { linesOf } from './view.ts'

/** Would a ring be heard? Played here, judged by the person; with the steps of S22 while the browser silences the page. */
export function SoundCard(props: { readonly state: ScreenState; readonly screen: Screen }): JSX.Element {
  const [hasPlayed, setHasPlayed] = createSignal(false)
  const ring = () => props.state.ring
  const isBlocked = () => linesOf(props.state).sound.finding === 'blocked'
  /** Safari's extensions make no sound: there the page is tried. */
  const inPage = () => ring().how === 'notification'

  async function test(): Promise<void> {
    setHasPlayed(false)
    if (inPage()) await props.screen.tell({ type: 'fix', line: 'sound' })
    else setHasPlayed(await props.screen.tell({ type: 'test-ring' }))
  }

  async function answer(wasHeard: boolean): Promise<void> {
    await props.screen.tell({ type: 'heard', wasHeard })
    setHasPlayed(false)
  }

  const asks = () => hasPlayed() && ring().wasPlaying === true
  const outcome = () => {
    if (ring().wasPlaying === false) return words().sound.notPlaying
    if (asks()) return words().sound.ask
    if (ring().wasHeard === true) return words().sound.good
    return ring().wasHeard === false ? words().sound.silent : ''
  }

  const isGood = () => !isBlocked() && ring().wasHeard === true && !hasPlayed()

  return (
    <Card
      row={isGood()}
      tone={isBlocked() ? 'warning' : 'calm'}
      title={isBlocked() ? words().sound.blocked : isGood() ? words().sound.good : words().sound.title}
      actions={
        <Show
          when={asks()}
          fallback={
            <Button busy={props.screen.busy() === 'test-ring'} onClick={() => void test()}>
              {ring().testedAt === null ? words().sound.test : words().sound.testAgain}
            </Button>
          }
        >
          <Button kind="primary" onClick={() => void answer(true)}>
            {words().sound.heard}
          </Button>
          <Button onClick={() => void answer(false)}>{words().sound.notHeard}</Button>
        </Show>
      }
    >
      <Show when={!isGood()}>
        <p>{words().sound.text[ring().how]}</p>
      </Show>
      <Show when={isBlocked()}>
        <Steps title={words().sound.steps} steps={words().sound.stepsFor[props.state.browser]} open />
      </Show>
      <p role="status">{isGood() ? '' : outcome()}</p>
    </Card>
  )
}
