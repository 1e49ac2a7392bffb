import type { PatientId } from '@alcove/shared/domain/ids'
import { createMemo, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { practiceWords } from '../../words/areas.ts'
import { formatDay, formatTime } from '../../words/formats.ts'
import type { Page } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Check, Copy } from '../../ui/icons.ts'
import type { LinksToSend, LinkToSend } from './links-to-send.ts'
import styles from './LinksToSendCard.module.css'

export type LinksToSendCardProps = {
  readonly links: LinksToSend
  readonly nameOf: (patient: PatientId) => string
  /** Null when it cannot be made on this device. */
  readonly urlOf: (link: LinkToSend) => Promise<string | null>
  readonly page: Pick<Page, 'copyText'>
  readonly heading: 'h2' | 'h3'
}

/** Above the schedule and in Settings after my waiting room was replaced, until every link was copied: quiet, and folded at first. */
export function LinksToSendCard(props: LinksToSendCardProps): JSX.Element {
  const words = () => practiceWords().newRoom
  const id = createUniqueId()
  const [links, setLinks] = createSignal<readonly LinkToSend[]>([])
  const [open, setOpen] = createSignal(false)
  onCleanup(props.links.watch(setLinks))
  const left = createMemo(() => links().filter(({ copied }) => !copied).length)
  return (
    <Show when={left() > 0 || (open() && links().length > 0)}>
      <section class={styles.card} aria-labelledby={id}>
        <div class={styles.head}>
          <Dynamic component={props.heading} id={id}>
            {words().title}
          </Dynamic>
          <p role="status">{left() > 0 ? words().left(left()) : words().allDone}</p>
          <Button aria-expanded={open()} onClick={() => setOpen((shown) => !shown)}>
            {open() ? words().hide : words().show}
          </Button>
        </div>
        <Show when={open()}>
          <p class={styles.hint}>{words().hint}</p>
          <ul class={styles.list}>
            <For each={links().map(({ patientId }) => patientId)}>
              {(patient) => {
                const link = () => links().find(({ patientId }) => patientId === patient)
                return <Show when={link()}>{(present) => <LinkRow {...props} link={present()} />}</Show>
              }}
            </For>
          </ul>
        </Show>
      </section>
    </Show>
  )
}

function LinkRow(props: LinksToSendCardProps & { readonly link: LinkToSend }): JSX.Element {
  const words = () => practiceWords().newRoom
  const [failure, setFailure] = createSignal('')
  const name = () => props.nameOf(props.link.patientId)

  async function copy(): Promise<void> {
    const url = await props.urlOf(props.link)
    if (url === null) return void setFailure(words().noLink)
    if (!(await props.page.copyText(url))) return void setFailure(words().copyFailed)
    setFailure('')
    props.links.copied(props.link.patientId)
    announce(words().sentOf(name()))
  }

  return (
    <li class={styles.row}>
      <div class={styles.who}>
        <span class={styles.name}>{name()}</span>
        <span class={styles.when}>{words().next(`${formatDay(props.link.next.startAt)}, ${formatTime(props.link.next.startAt)}`)}</span>
        <span role="alert" class={styles.failure} hidden={failure() === ''}>
          {failure()}
        </span>
      </div>
      <Show when={props.link.copied}>
        <span class={styles.copied}>
          <Icon of={Check} /> {words().sent}
        </span>
      </Show>
      <Button icon={<Icon of={Copy} />} aria-label={words().copyOf(name())} onClick={() => void copy()}>
        {words().copy}
      </Button>
    </li>
  )
}
