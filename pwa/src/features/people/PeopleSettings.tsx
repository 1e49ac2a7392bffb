import { hasLeft, type Member, may, type Role } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, Show } from 'solid-js'
import { peopleWords, practiceWords } from '../../words/areas.ts'
import { formatChoice, formatList } from '../../words/formats.ts'
import type { PeopleState } from '../../sync-ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { UserPlus } from '../../ui/icons.ts'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import { InvitationDialog } from '../pairing/InvitationDialog.tsx'
import { nameThoseToAsk } from '../settings/whom-to-ask.ts'
import type { SyncState } from '../sync/sync-state.ts'
import { MemberDialog } from './MemberDialog.tsx'
import styles from './People.module.css'
import type { PeopleDoors } from './people-doors.ts'
import { type PersonRow, personRows } from './people-view.ts'

export type PeopleSettingsProps = {
  readonly me: Member
  readonly members: readonly Member[]
  readonly people: PeopleState | null
  readonly sync: SyncState | null
  readonly doors: PeopleDoors
}

type Open =
  | { readonly kind: 'add'; readonly roles: readonly Role[] }
  | { readonly kind: 'edit'; readonly row: PersonRow }
  | { readonly kind: 'invite'; readonly member: Member }

export function PeopleSettings(props: PeopleSettingsProps): JSX.Element {
  const words = () => peopleWords().people
  const [open, setOpen] = createSignal<Open | null>(null)
  const rows = createMemo(() => personRows(props.members, props.me, props.people, props.sync))
  const left = () => props.members.filter(hasLeft).map(({ name }) => name)
  const mayManage = () => may(props.me, 'add-clinician')
  const rowOf = (opened: Extract<Open, { kind: 'edit' }>) => rows().find(({ member }) => member.id === opened.row.member.id) ?? opened.row
  return (
    <>
      <ul class={styles.list}>
        <KeyedFor each={rows()} by={({ member }) => member.id}>
          {(row) => (
            <Person
              row={row()}
              me={props.me}
              onLinks={() => props.doors.showLinks()}
              onEdit={() => setOpen({ kind: 'edit', row: row() })}
              onInvite={() => setOpen({ kind: 'invite', member: row().member })}
            />
          )}
        </KeyedFor>
      </ul>
      <Show when={left().length > 0}>
        <p class={styles.soft}>{words().left(formatList(left()))}</p>
      </Show>
      <Show
        when={mayManage()}
        fallback={<p>{words().ask(nameThoseToAsk(props.members, 'add-clinician', practiceWords(), formatChoice))}</p>}
      >
        <Show when={rows().length === 1}>
          <p class={styles.soft}>{words().onlyYou}</p>
        </Show>
        <div class={styles.actions}>
          <Button icon={<Icon of={UserPlus} />} onClick={() => setOpen({ kind: 'add', roles: ['clinician'] })}>
            {practiceWords().settings.addClinician}
          </Button>
          <Button onClick={() => setOpen({ kind: 'add', roles: [] })}>{words().add}</Button>
        </div>
      </Show>
      <Show when={open()} keyed>
        {(opened) => {
          if (opened.kind === 'invite') {
            return (
              <InvitationDialog
                target={{ kind: 'colleague', member: opened.member.id }}
                name={opened.member.name}
                invite={(target) => props.doors.invite(target, opened.member.name)}
                clock={props.doors.clock}
                page={props.doors.page}
                onClose={() => setOpen(null)}
              />
            )
          }
          return (
            <MemberDialog
              edit={opened.kind === 'edit' ? rowOf(opened) : null}
              roles={opened.kind === 'edit' ? opened.row.member.roles : opened.roles}
              doors={props.doors}
              onInvite={(member) => setOpen({ kind: 'invite', member })}
              onClose={() => setOpen(null)}
            />
          )
        }}
      </Show>
    </>
  )
}

function Person(props: {
  readonly row: PersonRow
  readonly me: Member
  readonly onLinks: () => void
  readonly onEdit: () => void
  readonly onInvite: () => void
}): JSX.Element {
  const words = () => peopleWords().people
  const member = () => props.row.member
  const isClinician = () => may(member(), 'start-session')
  const facts = () => [
    props.row.devices === 0 ? words().noDevice : words().devices(props.row.devices),
    ...(isClinician() && props.row.devices > 0 ? [member().roomKey ? practiceWords().settings.hasRoom : words().noRoom] : []),
  ]
  return (
    <li class={styles.row}>
      <div class={styles.who}>
        <strong>
          {member().name}
          <Show when={props.row.isMe}>{` (${practiceWords().settings.me})`}</Show>
          <Show when={props.row.online && !props.row.isMe}>
            <span class={styles.online}>{words().online}</span>
          </Show>
        </strong>
        <span>{formatList(member().roles.map((role) => practiceWords().roles[role]))}</span>
        <span class={styles.soft}>{facts().join(' · ')}</span>
      </div>
      <div class={styles.rowActions}>
        <Show when={isClinician() && member().roomKey && may(props.me, 'hand-out-link')}>
          <Button
            kind="plain"
            class={styles.flush ?? ''}
            aria-label={practiceWords().links.showOf(member().name)}
            onClick={() => props.onLinks()}
          >
            {practiceWords().links.show}
          </Button>
        </Show>
        <Show when={props.row.devices === 0 && !props.row.isMe && may(props.me, 'invite-colleague')}>
          <Button kind="secondary" aria-label={words().inviteOf(member().name)} onClick={() => props.onInvite()}>
            {words().invite}
          </Button>
        </Show>
        <Show when={may(props.me, 'change-roles')}>
          <Button kind="plain" class={styles.flush ?? ''} aria-label={words().editOf(member().name)} onClick={() => props.onEdit()}>
            {words().edit}
          </Button>
        </Show>
      </div>
    </li>
  )
}
