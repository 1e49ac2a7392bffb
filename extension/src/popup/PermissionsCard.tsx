import type { ScreenState, SitePermission } from '@alcove/shared/protocol/extension-inside'
import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import field from '../ui/field.module.css'
import type { Screen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'
import { listed, words } from '../ui/speech.ts'
import { Steps } from '../ui/Steps.tsx'
import { needsSteps, siteName, toBeAllowed } from './view.ts'

type Props = { readonly state: ScreenState; readonly origin: string; readonly screen: Screen; readonly port: ScreenPort }
type Step = 'offer' | 'consent' | 'refused' | 'undone'

/** Chromium: sets camera, microphone and notifications for this one site, after a yes, and takes it back. Elsewhere: the steps. */
export function PermissionsCard(props: Props): JSX.Element {
  const [step, setStep] = createSignal<Step>('offer')
  const open = () => toBeAllowed(props.state)
  const names = () => listed(props.state.setByUs.map((one) => words().permissions.names[one]))

  async function undo(): Promise<void> {
    if (await props.screen.tell({ type: 'undo-permissions', origin: props.origin })) setStep('undone')
  }

  return (
    <Switch>
      <Match when={props.state.setByUs.length > 0}>
        <Card
          role="status"
          row
          title={words().permissions.done}
          actions={
            <Button busy={props.screen.busy() === 'undo-permissions'} onClick={() => void undo()}>
              {words().permissions.undo}
            </Button>
          }
        >
          <p>{words().permissions.doneText(names(), siteName(props.origin))}</p>
        </Card>
      </Match>
      <Match when={open().length > 0 && step() === 'consent'}>
        <Consent {...props} open={open()} onStep={setStep} />
      </Match>
      <Match when={open().length > 0}>
        <Card title={words().permissions.offer} actions={<Button onClick={() => setStep('consent')}>{words().permissions.begin}</Button>}>
          <p>{words().permissions.offerText(siteName(props.origin))}</p>
          <p role="status">{step() === 'refused' ? words().permissions.refused : step() === 'undone' ? words().permissions.undone : ''}</p>
        </Card>
      </Match>
      <Match when={needsSteps(props.state)}>
        <Steps title={words().permissions.offer} steps={words().permissions.stepsFor[props.state.browser]} />
      </Match>
    </Switch>
  )
}

/** The reason and exactly what will be changed, before the browser asks its own question. */
function Consent(props: Props & { readonly open: readonly SitePermission[]; readonly onStep: (step: Step) => void }): JSX.Element {
  const [wanted, setWanted] = createSignal<readonly SitePermission[]>(props.open)
  const toggle = (one: SitePermission) =>
    setWanted((before) => (before.includes(one) ? before.filter((other) => other !== one) : [...before, one]))

  async function confirm(): Promise<void> {
    const permissions = [...wanted()]
    const { origin } = props
    // Straight from the click: the browser asks for nothing later.
    const answer = props.state.canSet === 'yes' ? Promise.resolve(true) : props.port.ask.permission('contentSettings')
    if (!(await answer)) props.onStep('refused')
    else if (await props.screen.tell({ type: 'set-permissions', origin, permissions })) props.onStep('offer')
  }

  return (
    <Card
      title={words().permissions.consentTitle(siteName(props.origin))}
      actions={
        <>
          <Button kind="primary" busy={wanted().length === 0 || props.screen.busy() === 'set-permissions'} onClick={() => void confirm()}>
            {words().permissions.confirm}
          </Button>
          <Button onClick={() => props.onStep('offer')}>{words().permissions.cancel}</Button>
        </>
      }
    >
      <p>{words().permissions.consentText}</p>
      <Show when={props.state.canSet === 'needs-consent'}>
        <p>{words().permissions.consentAsk}</p>
      </Show>
      <For each={props.open}>
        {(one, index) => (
          <label class={field.check}>
            <input
              type="checkbox"
              ref={(input) => {
                // The button that was pressed is gone: the keyboard goes on here.
                if (index() === 0) queueMicrotask(() => input.focus())
              }}
              checked={wanted().includes(one)}
              onChange={() => toggle(one)}
            />
            {words().permissions.names[one]}
          </label>
        )}
      </For>
    </Card>
  )
}
