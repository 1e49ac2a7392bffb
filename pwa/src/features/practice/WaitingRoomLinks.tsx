import { type Member, may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { practiceWords, shellWords } from '../../words/areas.ts'
import type { Page, PracticeRepository } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { createLatest } from '../../ui/create-latest.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import styles from './WaitingRoomLinks.module.css'

/** A link to hand out, or why there is none. */
export type StandingLink = { readonly kind: 'ready'; readonly url: string } | { readonly kind: 'no-room' } | { readonly kind: 'failed' }

export type WaitingRoomLinksProps = {
  readonly me: Member
  readonly members: readonly Member[]
  readonly linkOf: (member: Member) => Promise<StandingLink>
  readonly repository: Pick<PracticeRepository, 'replaceStandingLink'>
  readonly page: Pick<Page, 'copyText'>
  readonly onClose: () => void
}

/** S24: the standing link of my waiting room; for those who hand out links, of everybody's. Mine comes first. */
export function WaitingRoomLinks(props: WaitingRoomLinksProps): JSX.Element {
  const words = () => practiceWords().links
  const clinicians = createMemo(() => {
    const all = props.members.filter((member) => may(member, 'start-session'))
    return [...all.filter(({ id }) => id === props.me.id), ...all.filter(({ id }) => id !== props.me.id)]
  })
  return (
    <Dialog
      title={words().title}
      onClose={() => props.onClose()}
      closeOnBackdrop
      footer={<Button onClick={() => props.onClose()}>{practiceWords().close}</Button>}
    >
      <For each={clinicians()} fallback={<p>{words().none}</p>}>
        {(member) => <MemberLink {...props} member={member} />}
      </For>
    </Dialog>
  )
}

function MemberLink(props: WaitingRoomLinksProps & { readonly member: Member }): JSX.Element {
  const words = () => practiceWords().links
  const [asking, setAsking] = createSignal(false)
  const [failure, setFailure] = createSignal('')
  const isMe = () => props.member.id === props.me.id
  const link = createLatest(
    () => props.member,
    (member) => props.linkOf(member),
  )
  const url = () => {
    const outcome = link()
    return outcome?.kind === 'ready' ? outcome.url : null
  }

  async function replace(): Promise<void> {
    setAsking(false)
    const result = await props.repository.replaceStandingLink()
    setFailure(result.ok ? '' : practiceWords().saveFailed[result.error])
    if (result.ok) announce(words().replaced)
  }

  return (
    <section class={styles.link}>
      <Switch>
        <Match when={link()?.kind === 'no-room'}>
          <h3>{props.member.name}</h3>
          <p class={styles.none}>{words().noRoom(props.member.name)}</p>
        </Match>
        <Match when={link()?.kind === 'failed'}>
          <h3>{props.member.name}</h3>
          <p class={styles.none}>{words().failed}</p>
        </Match>
        <Match when={url()}>
          {(ready) => (
            <CopyField
              label={isMe() ? words().mine : words().of(props.member.name)}
              value={ready()}
              copyLabel={isMe() ? words().copy : words().copyOf(props.member.name)}
              copiedWords={shellWords().copy.copied}
              failedWords={shellWords().copy.failed}
              copy={(text) => props.page.copyText(text)}
              hint={isMe() ? words().hint : words().hintOf(props.member.name)}
              actions={
                <Show when={isMe() && may(props.me, 'replace-own-link')}>
                  <Button kind="plain" onClick={() => setAsking(true)}>
                    {words().replace}
                  </Button>
                </Show>
              }
            />
          )}
        </Match>
      </Switch>
      <p role="alert" class={styles.failure} hidden={!failure()}>
        {failure()}
      </p>
      <Show when={asking()}>
        <ConfirmDialog
          title={words().replaceTitle}
          confirm={words().replaceConfirm}
          cancel={words().replaceCancel}
          danger
          onConfirm={() => void replace()}
          onCancel={() => setAsking(false)}
        >
          {words().replaceBody}
        </ConfirmDialog>
      </Show>
    </section>
  )
}
