import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { originOf } from '../sites.ts'
import { Button } from '../ui/Button.tsx'
import field from '../ui/field.module.css'
import { words } from '../ui/speech.ts'
import styles from './Options.module.css'
import type { SectionProps } from './section.ts'

type Said = 'nothing' | 'invalid' | 'duplicate' | 'refused'

/** The sites that the extension may see. The browser's own question follows the click on "Add site". */
export function SitesSection(props: SectionProps): JSX.Element {
  const [typed, setTyped] = createSignal('')
  const [wrong, setWrong] = createSignal<Said>('nothing')
  const [news, setNews] = createSignal('')
  const errorId = createUniqueId()
  const origins = createMemo(() => props.state.sites.map(({ origin }) => origin))
  let input: HTMLInputElement | undefined

  async function add(): Promise<void> {
    setNews('')
    const origin = originOf(typed())
    if (origin === null || origins().includes(origin)) {
      setWrong(origin === null ? 'invalid' : 'duplicate')
      input?.focus()
      return
    }
    setWrong('nothing')
    if (await allow(origin)) {
      setTyped('')
      setNews(words().optionsPage.sites.added(origin))
    }
  }

  async function allow(origin: string): Promise<boolean> {
    const isAllowed = await props.port.ask.site(origin)
    setWrong(isAllowed ? 'nothing' : 'refused')
    return isAllowed && (await props.screen.tell({ type: 'add-site', origin }))
  }

  async function remove(origin: string): Promise<void> {
    if (!(await props.screen.tell({ type: 'remove-site', origin }))) return
    setNews(words().optionsPage.sites.removed(origin))
    input?.focus()
  }

  return (
    <section class={styles.section}>
      <h2>{words().optionsPage.sites.title}</h2>
      <p>{words().optionsPage.sites.text}</p>
      <Show when={origins().length > 0} fallback={<p>{words().optionsPage.sites.none}</p>}>
        <ul class={styles.sites}>
          <For each={origins()}>
            {(origin) => <Site {...props} origin={origin} onAllow={() => void allow(origin)} onRemove={() => void remove(origin)} />}
          </For>
        </ul>
      </Show>
      <form
        class={field.field}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <label class={field.field}>
          <span class={field.label}>{words().optionsPage.sites.label}</span>
          <input
            ref={input}
            class={field.control}
            type="url"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder={words().optionsPage.sites.example}
            value={typed()}
            aria-invalid={wrong() === 'invalid' || wrong() === 'duplicate'}
            aria-describedby={errorId}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <p id={errorId} class={field.error} role="alert">
          {wrongWords(wrong())}
        </p>
        <div class={styles.row}>
          <Button kind="primary" type="submit" busy={props.screen.busy() === 'add-site'}>
            {words().optionsPage.sites.add}
          </Button>
          <p class={styles.soft} role="status">
            {news()}
          </p>
        </div>
      </form>
    </section>
  )
}

function wrongWords(wrong: Said): string {
  return wrong === 'nothing' ? '' : words().optionsPage.sites[wrong]
}

function Site(props: SectionProps & { readonly origin: string; readonly onAllow: () => void; readonly onRemove: () => void }): JSX.Element {
  const hasAccess = () => props.state.sites.some(({ origin, hasAccess }) => origin === props.origin && hasAccess)
  const isChosen = () => props.state.chosen === props.origin
  const said = () => words().optionsPage.sites
  return (
    <li class={styles.site}>
      <span class={styles.origin}>{props.origin}</span>
      <Show
        when={hasAccess()}
        fallback={
          <>
            <span class={`${styles.mark} ${styles.lost}`}>{said().noAccess}</span>
            <Button name={said().allowName(props.origin)} onClick={() => props.onAllow()}>
              {said().allow}
            </Button>
          </>
        }
      >
        <Show
          when={isChosen()}
          fallback={
            <Button
              name={said().chooseName(props.origin)}
              onClick={() => void props.screen.tell({ type: 'choose-site', origin: props.origin })}
            >
              {said().choose}
            </Button>
          }
        >
          <span class={styles.mark}>{said().chosen}</span>
        </Show>
      </Show>
      <Button kind="plain" name={said().removeName(props.origin)} onClick={() => props.onRemove()}>
        {said().remove}
      </Button>
    </li>
  )
}
