import { createSignal, Show } from 'solid-js'
import { helpWords } from '../../words/areas.ts'
import type { HelpBrowser } from '../../words/help.en.ts'
import type { Page } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Copy, Phone } from '../../ui/icons.ts'
import styles from './HelpPage.module.css'

/** Whom to turn to: a patient to the practice, a clinician to whoever supports the program. */
export type Contact =
  | { readonly kind: 'practice'; readonly practice: string; readonly phone: string; readonly email: string }
  | {
      readonly kind: 'support'
      /** Names of the practice's administrators. */
      readonly administrators: string
      /** Of this build; for a report. */
      readonly version: string
      /** Where problems are reported; null where the operator named no place. */
      readonly address: string | null
    }

export function ContactHelp(props: { readonly contact: Contact; readonly browser: HelpBrowser; readonly page: Pick<Page, 'copyText'> }) {
  return (
    <Show
      when={props.contact.kind === 'practice' ? props.contact : null}
      fallback={
        <Show when={props.contact.kind === 'support' ? props.contact : null}>
          {(contact) => <Support contact={contact()} browser={props.browser} page={props.page} />}
        </Show>
      }
    >
      {(contact) => <Practice contact={contact()} />}
    </Show>
  )
}

function Practice(props: { readonly contact: Extract<Contact, { kind: 'practice' }> }) {
  const words = () => helpWords().contact
  return (
    <section class={styles.section}>
      <h2>{words().practiceTitle(props.contact.practice)}</h2>
      <p>{words().practiceText}</p>
      <Show when={props.contact.phone || props.contact.email} fallback={<p>{words().none}</p>}>
        <dl class={styles.contact}>
          <Show when={props.contact.phone}>
            <dt>{words().phone}</dt>
            <dd>
              <a href={`tel:${props.contact.phone.replace(/[^+\d]/g, '')}`}>
                <Icon of={Phone} /> {props.contact.phone}
              </a>
            </dd>
          </Show>
          <Show when={props.contact.email}>
            <dt>{words().email}</dt>
            <dd>
              <a href={`mailto:${props.contact.email}`}>{props.contact.email}</a>
            </dd>
          </Show>
        </dl>
      </Show>
      <p class={styles.quiet}>{words().emergency}</p>
    </section>
  )
}

function Support(props: {
  readonly contact: Extract<Contact, { kind: 'support' }>
  readonly browser: HelpBrowser
  readonly page: Pick<Page, 'copyText'>
}) {
  const words = () => helpWords().contact
  const [copied, setCopied] = createSignal(false)
  /** Nothing here tells who the practice or its patients are. */
  const details = () => `Alcove ${props.contact.version}\n${props.browser}`
  return (
    <section class={styles.section}>
      <h2>{words().supportTitle}</h2>
      <Show when={props.contact.administrators}>{(names) => <p>{words().supportAdministrators(names())}</p>}</Show>
      <p>{words().supportOperator}</p>
      <Show when={props.contact.address}>
        {(address) => (
          <p>
            {words().supportProject}{' '}
            <a href={address()} rel="noreferrer">
              {words().supportLink}
            </a>
          </p>
        )}
      </Show>
      <p>{words().supportText}</p>
      <h3>{words().details}</h3>
      <pre class={styles.report}>{details()}</pre>
      <Button
        icon={<Icon of={Copy} />}
        onClick={async () => {
          setCopied(await props.page.copyText(details()))
          if (copied()) announce(words().copied)
        }}
      >
        {copied() ? words().copied : words().copyDetails}
      </Button>
    </section>
  )
}
