import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { createEffect, createMemo, For, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import field from '../ui/field.module.css'
import { Icon, Mark } from '../ui/Icon.tsx'
import { createScreen, type Screen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'
import { speaks, words } from '../ui/speech.ts'
import { TroubleCard } from '../ui/TroubleCard.tsx'
import { CheckLines } from './CheckLines.tsx'
import { NotifiesCard } from './NotifiesCard.tsx'
import { PermissionsCard } from './PermissionsCard.tsx'
import styles from './Popup.module.css'
import { QuietCard } from './QuietCard.tsx'
import { SoundCard } from './SoundCard.tsx'
import { Summary } from './Summary.tsx'
import { siteName } from './view.ts'
import { WaitingCard } from './WaitingCard.tsx'

/** What hangs at the extension's button: is everything ready for the next session, and what to do if not. */
export function Popup(props: { readonly port: ScreenPort; readonly onDrawn?: () => void }): JSX.Element {
  const screen = createScreen(props.port)
  const isKnown = createMemo(() => screen.state() !== null)
  createEffect(() => {
    if (isKnown()) props.onDrawn?.()
  })
  return (
    <Show when={speaks()}>
      <main class={styles.popup} aria-busy={screen.state() === null && screen.trouble() === null}>
        <Head screen={screen} port={props.port} />
        <Show when={screen.trouble()}>{(trouble) => <TroubleCard trouble={trouble()} screen={screen} />}</Show>
        <Show when={screen.state()}>{(state) => <Body state={state()} screen={screen} port={props.port} />}</Show>
      </main>
    </Show>
  )
}

function Head(props: { readonly screen: Screen; readonly port: ScreenPort }): JSX.Element {
  const origins = createMemo(() => props.screen.state()?.sites.map(({ origin }) => origin) ?? [])
  const chosen = () => props.screen.state()?.chosen ?? null
  return (
    <header class={styles.head}>
      <Mark />
      <h1>
        {words().title}
        <Show when={origins().length < 2 && chosen()}>{(origin) => <span class={styles.host}>{siteName(origin())}</span>}</Show>
      </h1>
      <Show when={origins().length > 1}>
        <div class={styles.choice}>
          <select
            class={field.control}
            aria-label={words().site}
            value={chosen() ?? ''}
            onChange={(event) => void props.screen.tell({ type: 'choose-site', origin: event.currentTarget.value })}
          >
            <For each={origins()}>
              {(origin) => (
                <option value={origin} selected={origin === chosen()}>
                  {siteName(origin)}
                </option>
              )}
            </For>
          </select>
        </div>
      </Show>
      <Button kind="plain" iconOnly name={words().options} onClick={() => props.port.openOptions()}>
        <Icon of="options" />
      </Button>
    </header>
  )
}

type BodyProps = { readonly state: ScreenState; readonly screen: Screen; readonly port: ScreenPort }

function Body(props: BodyProps): JSX.Element {
  const chosen = createMemo(() => props.state.chosen)
  const hasAccess = () => props.state.sites.some(({ origin, hasAccess }) => origin === chosen() && hasAccess)
  return (
    <Show
      when={chosen()}
      keyed
      fallback={
        <Card
          title={words().noSite.title}
          actions={
            <Button kind="primary" onClick={() => props.port.openOptions()}>
              {words().noSite.add}
            </Button>
          }
        >
          <p>{words().noSite.text}</p>
        </Card>
      }
    >
      {(origin) => (
        <Show when={hasAccess()} fallback={<NoAccess origin={origin} screen={props.screen} port={props.port} />}>
          <Site {...props} origin={origin} />
        </Show>
      )}
    </Show>
  )
}

function NoAccess(props: { readonly origin: string; readonly screen: Screen; readonly port: ScreenPort }): JSX.Element {
  async function allow(): Promise<void> {
    if (await props.port.ask.site(props.origin)) await props.screen.tell({ type: 'add-site', origin: props.origin })
  }
  return (
    <Card
      tone="warning"
      title={words().noAccess.title(siteName(props.origin))}
      actions={
        <Button kind="primary" onClick={() => void allow()}>
          {words().noAccess.allow}
        </Button>
      }
    >
      <p>{words().noAccess.text}</p>
    </Card>
  )
}

/** What needs an answer now comes first, what can wait last. */
function Site(props: BodyProps & { readonly origin: string }): JSX.Element {
  return (
    <>
      <Show when={props.state.waiting.people > 0}>
        <WaitingCard waiting={props.state.waiting} screen={props.screen} />
      </Show>
      <QuietCard state={props.state} now={props.screen.now()} />
      <Summary state={props.state} screen={props.screen} />
      <CheckLines state={props.state} screen={props.screen} />
      <PermissionsCard state={props.state} origin={props.origin} screen={props.screen} port={props.port} />
      <SoundCard state={props.state} screen={props.screen} />
      <Show when={props.state.notifies === 'needs-consent'}>
        <NotifiesCard screen={props.screen} port={props.port} />
      </Show>
    </>
  )
}
