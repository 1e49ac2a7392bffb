import { createMemo, createSignal, For, type JSX, onCleanup, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock, Notifications, Page } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { UserMinus } from '../../ui/icons.ts'
import type { Acceptance } from './acceptance.ts'
import { InviteOthers } from './InviteOthers.tsx'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import styles from './PeoplePanel.module.css'
import { refusalWords } from './refusal-words.ts'
import type { ClinicianRoom, ClinicianRoomState, RemotePerson, WaitingEntry, WaitingGroup } from './room-state.ts'
import { WaitingPerson } from './WaitingPerson.tsx'

const groups: readonly WaitingGroup[] = ['waiting', 'guest', 'upcoming']

/** S31, S32. */
export function PeoplePanel(props: {
  readonly room: ClinicianRoom
  readonly state: ClinicianRoomState
  readonly people: readonly RemotePerson[]
  readonly myName: string
  readonly acceptance: Acceptance
  /** The screen is shared: no waiting person's name appears. */
  readonly hideNames: boolean
  /** Why nobody can be let in or removed now. */
  readonly held: string | null
  readonly inviteLink: string | null
  readonly page: Pick<Page, 'copyText'>
  readonly notifications: Pick<Notifications, 'permission' | 'request'>
  readonly clock: Clock
}) {
  const [now, setNow] = createSignal(props.clock.now())
  onCleanup(props.clock.every(15_000, () => setNow(props.clock.now())))

  const titles = (): Record<WaitingGroup, string> => ({
    waiting: sessionWords().people.waiting,
    guest: sessionWords().people.guests,
    upcoming: sessionWords().people.upcoming,
  })

  return (
    <div class={styles.people}>
      <Show when={props.held}>
        <p class={styles.note}>{props.held}</p>
      </Show>
      <Group title={sessionWords().people.inSession}>
        <ul class={styles.list}>
          <li class={styles.person}>
            <span class={styles.name}>{sessionWords().people.you(props.myName)}</span>
          </li>
          <KeyedFor each={props.people} by={(person) => person.id}>
            {(person) => (
              <PersonInSession
                person={person()}
                canRemove={props.people.length > 1}
                held={props.held !== null}
                onRemove={() => {
                  const { id } = person()
                  if (id !== 'host') props.room.remove(id)
                }}
              />
            )}
          </KeyedFor>
        </ul>
      </Group>
      <Show when={props.acceptance.refusal()}>
        {(kind) => (
          <Banner
            tone="warning"
            role="alert"
            actions={
              <Button kind="plain" onClick={props.acceptance.dismissRefusal}>
                {sessionWords().box.dismiss}
              </Button>
            }
          >
            {refusalWords(kind())}
          </Banner>
        )}
      </Show>
      <Show when={props.hideNames && props.state.waiting.length > 0}>
        <p class={styles.note}>{sessionWords().people.namesHidden}</p>
      </Show>
      <For each={groups}>
        {(group) => {
          const entries = createMemo(() => inOrder(props.state.waiting, group))
          return (
            <Group title={titles()[group]}>
              <Show when={entries().length > 0} fallback={<p class={styles.nobody}>{sessionWords().people.nobody}</p>}>
                <ul class={styles.list}>
                  <KeyedFor each={entries()} by={(entry) => entry.guest}>
                    {(entry) => (
                      <WaitingPerson
                        entry={entry()}
                        hideNames={props.hideNames}
                        held={props.held !== null}
                        now={now()}
                        onAccept={() => void props.acceptance.accept(entry())}
                        onDecline={() => props.room.decline(entry().guest)}
                        onMoment={(name) => {
                          props.room.askForAMoment(entry().guest)
                          announce(sessionWords().people.momentSent(name))
                        }}
                      />
                    )}
                  </KeyedFor>
                </ul>
              </Show>
            </Group>
          )
        }}
      </For>
      <InviteOthers link={props.inviteLink} page={props.page} />
      <NoticesOffer notifications={props.notifications} />
    </div>
  )
}

function Group(props: { readonly title: string; readonly children: JSX.Element }) {
  return (
    <section class={styles.group} aria-label={props.title}>
      <h2 class={styles.title}>{props.title}</h2>
      {props.children}
    </section>
  )
}

function PersonInSession(props: {
  readonly person: RemotePerson
  readonly canRemove: boolean
  readonly held: boolean
  readonly onRemove: () => void
}) {
  const signs = () => {
    const words = sessionWords().screen
    const { connection, microphone, camera, sharing, name } = props.person
    return [
      connection === 'connecting' || connection === 'reconnecting' ? words.reconnectingShort : null,
      connection === 'failed' ? words.connectionFailedShort : null,
      microphone === 'off' ? words.muted : microphone === 'none' ? words.noMicrophone : null,
      camera === 'off' ? words.cameraOff : camera === 'none' ? words.noCamera : null,
      sharing ? words.isSharing(name) : null,
    ].filter((sign) => sign !== null)
  }
  return (
    <li class={styles.person}>
      <div class={styles.who}>
        <span class={styles.name}>{props.person.name}</span>
        <Show when={signs().length > 0}>
          <span class={styles.detail}>{signs().join(' · ')}</span>
        </Show>
      </div>
      <Show when={props.canRemove}>
        <Button
          kind="plain"
          icon={<Icon of={UserMinus} />}
          aria-label={sessionWords().people.removeName(props.person.name)}
          busy={props.held}
          onClick={props.onRemove}
        >
          {sessionWords().people.remove}
        </Button>
      </Show>
    </li>
  )
}

/** Asked for where it makes sense, from a click, and never twice. */
function NoticesOffer(props: { readonly notifications: Pick<Notifications, 'permission' | 'request'> }) {
  const [permission, setPermission] = createSignal(props.notifications.permission())
  return (
    <Show when={permission() === 'default'}>
      <div class={styles.offer}>
        <p class={styles.note}>{sessionWords().people.notify}</p>
        <Button onClick={async () => setPermission(await props.notifications.request())}>{sessionWords().people.notifyButton}</Button>
      </div>
    </Show>
  )
}

function inOrder(waiting: readonly WaitingEntry[], group: WaitingGroup): readonly WaitingEntry[] {
  return waiting.filter((entry) => entry.group === group).sort((a, b) => a.firstSeenAt - b.firstSeenAt)
}
