import { languageChoices } from '@alcove/shared/protocol/extension-inside'
import { createEffect, For, type JSX, Show } from 'solid-js'
import field from '../ui/field.module.css'
import { Mark } from '../ui/Icon.tsx'
import { createScreen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'
import { speaks, words } from '../ui/speech.ts'
import { TroubleCard } from '../ui/TroubleCard.tsx'
import { DevicesSection } from './DevicesSection.tsx'
import styles from './Options.module.css'
import { RemindersSection } from './RemindersSection.tsx'
import { ReportSection } from './ReportSection.tsx'
import type { SectionProps } from './section.ts'
import { SitesSection } from './SitesSection.tsx'

/** Which sites, when to warn, which language, and what to tell support. */
export function Options(props: { readonly port: ScreenPort }): JSX.Element {
  const screen = createScreen(props.port)
  createEffect(() => {
    if (speaks()) document.title = words().optionsPage.title
  })
  return (
    <Show when={speaks()}>
      <main class={styles.page} aria-busy={screen.state() === null && screen.trouble() === null}>
        <header class={styles.head}>
          <Mark />
          <h1>{words().optionsPage.title}</h1>
        </header>
        <Show when={screen.trouble()}>{(trouble) => <TroubleCard trouble={trouble()} screen={screen} />}</Show>
        <Show when={screen.state()}>
          {(state) => (
            <>
              <SitesSection state={state()} screen={screen} port={props.port} />
              <RemindersSection state={state()} screen={screen} port={props.port} />
              <DevicesSection state={state()} screen={screen} port={props.port} />
              <LanguageSection state={state()} screen={screen} port={props.port} />
              <ReportSection screen={screen} port={props.port} />
              <p class={styles.version}>{words().optionsPage.version(state().version)}</p>
            </>
          )}
        </Show>
      </main>
    </Show>
  )
}

function LanguageSection(props: SectionProps): JSX.Element {
  function choose(value: string): void {
    const language = languageChoices.find((one) => one === value)
    if (language) void props.screen.tell({ type: 'set-language', language })
  }
  return (
    <section class={styles.section}>
      <h2>{words().optionsPage.language.title}</h2>
      <label class={field.field}>
        <span class={field.label}>{words().optionsPage.language.label}</span>
        <select class={field.control} onChange={(event) => choose(event.currentTarget.value)}>
          <For each={languageChoices}>
            {(one) => (
              <option value={one} selected={one === props.state.language} lang={one === 'browser' ? undefined : one}>
                {words().optionsPage.language[one]}
              </option>
            )}
          </For>
        </select>
      </label>
    </section>
  )
}
