import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { helpWords } from '../../words/areas.ts'
import type { HelpBrowser, HelpSection, HelpTopic } from '../../words/help.en.ts'
import type { Page } from '../../ports.ts'
import { type Contact, ContactHelp } from './ContactHelp.tsx'
import styles from './HelpPage.module.css'

export const helpTopics: readonly HelpTopic[] = ['connection', 'camera', 'sound', 'contact']

export type HelpPageProps = {
  readonly topic: HelpTopic
  readonly browser: HelpBrowser
  readonly contact: Contact
  readonly page: Pick<Page, 'copyText'>
  /** Links in the app; the patient's page has one address only and changes the topic in place. */
  readonly navigation:
    | { readonly kind: 'links'; readonly href: (topic: HelpTopic) => string }
    | { readonly kind: 'buttons'; readonly onTopic: (topic: HelpTopic) => void }
  readonly back?: JSX.Element
}

/** S22, S43, S44: words only, so they are there offline and in both languages. */
export function HelpPage(props: HelpPageProps) {
  return (
    <div class={styles.page}>
      {props.back}
      <nav class={styles.topics} aria-label={helpWords().topics}>
        <For each={helpTopics}>{(topic) => <TopicLink topic={topic} current={props.topic} navigation={props.navigation} />}</For>
      </nav>
      <article class={styles.article}>
        <h1>{helpWords().names[props.topic]}</h1>
        <Switch>
          <Match when={props.topic === 'connection'}>
            <p>{helpWords().connection.intro}</p>
            <For each={helpWords().connection.sections}>{(section) => <Section section={section} />}</For>
          </Match>
          <Match when={props.topic === 'camera'}>
            <p>{helpWords().camera.intro}</p>
            <Section section={helpWords().camera.general} />
            <ForBrowsers of={helpWords().camera.browsers} browser={props.browser} />
            <For each={helpWords().camera.system}>{(section) => <Section section={section} />}</For>
          </Match>
          <Match when={props.topic === 'sound'}>
            <p>{helpWords().sound.intro}</p>
            <Section section={helpWords().sound.general} />
            <Section section={helpWords().sound.echo} />
            <h2>{helpWords().sound.arrivals}</h2>
            <ForBrowsers of={helpWords().sound.browsers} browser={props.browser} />
          </Match>
          <Match when={props.topic === 'contact'}>
            <ContactHelp contact={props.contact} browser={props.browser} page={props.page} />
          </Match>
        </Switch>
      </article>
    </div>
  )
}

function TopicLink(props: { readonly topic: HelpTopic; readonly current: HelpTopic; readonly navigation: HelpPageProps['navigation'] }) {
  const current = () => (props.topic === props.current ? 'page' : undefined)
  const href = () => (props.navigation.kind === 'links' ? props.navigation.href(props.topic) : null)
  return (
    <Show
      when={href()}
      fallback={
        <button
          type="button"
          class={styles.topic}
          aria-current={current()}
          onClick={() => props.navigation.kind === 'buttons' && props.navigation.onTopic(props.topic)}
        >
          {helpWords().names[props.topic]}
        </button>
      }
    >
      {(address) => (
        <a class={styles.topic} href={address()} aria-current={current()}>
          {helpWords().names[props.topic]}
        </a>
      )}
    </Show>
  )
}

/** The visitor's own browser first and open, the others folded. */
function ForBrowsers(props: { readonly of: Readonly<Record<HelpBrowser, HelpSection>>; readonly browser: HelpBrowser }) {
  const others = () => (Object.keys(props.of) as HelpBrowser[]).filter((browser) => browser !== props.browser)
  return (
    <>
      <section class={styles.own} aria-label={helpWords().yourBrowser}>
        <p class={styles.tag}>{helpWords().yourBrowser}</p>
        <Section section={props.of[props.browser]} level={3} />
      </section>
      <details class={styles.others}>
        <summary>{helpWords().otherBrowsers}</summary>
        <For each={others()}>{(browser) => <Section section={props.of[browser]} level={3} />}</For>
      </details>
    </>
  )
}

function Section(props: { readonly section: HelpSection; readonly level?: 3 }) {
  return (
    <section class={styles.section}>
      <Show when={props.level === 3} fallback={<h2>{props.section.heading}</h2>}>
        <h3>{props.section.heading}</h3>
      </Show>
      <Show when={props.section.text}>{(text) => <p>{text()}</p>}</Show>
      <ol class={styles.steps}>
        <For each={props.section.steps}>{(step) => <li>{step}</li>}</For>
      </ol>
    </section>
  )
}
