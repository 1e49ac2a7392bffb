import { type Member, may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createSignal, For, Show } from 'solid-js'
import { practiceWords } from '../../app/words/areas.ts'
import { formatChoice } from '../../app/words/formats.ts'
import type { PracticeRepository } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { UserPlus } from '../../ui/icons.ts'
import { MemberDialog } from './MemberDialog.tsx'
import styles from './SettingsPage.module.css'
import { nameThoseToAsk } from './whom-to-ask.ts'

export type PeopleSettingsProps = {
  readonly me: Member
  readonly members: readonly Member[]
  readonly add: PracticeRepository['addMember']
  /** Opens the waiting room links. */
  readonly onLinks: () => void
}

export function PeopleSettings(props: PeopleSettingsProps): JSX.Element {
  const words = () => practiceWords().settings
  const [adding, setAdding] = createSignal(false)
  const describe = (member: Member) => member.roles.map((role) => practiceWords().roles[role]).join(', ')
  return (
    <>
      <ul class={styles.people}>
        <For each={props.members}>
          {(member) => (
            <li class={styles.person}>
              <div class={styles.who}>
                <strong>
                  {member.name}
                  <Show when={member.id === props.me.id}>{` (${words().me})`}</Show>
                </strong>
                <span class={styles.soft}>{describe(member)}</span>
                <Show when={may(member, 'start-session')}>
                  <span class={styles.soft}>{member.roomKey ? words().hasRoom : words().noDevice}</span>
                </Show>
              </div>
              <Show when={may(member, 'start-session') && may(props.me, 'hand-out-link')}>
                <Button kind="plain" aria-label={practiceWords().links.showOf(member.name)} onClick={() => props.onLinks()}>
                  {practiceWords().links.show}
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show
        when={may(props.me, 'add-clinician')}
        fallback={<p>{words().askAddClinician(nameThoseToAsk(props.members, 'add-clinician', practiceWords(), formatChoice))}</p>}
      >
        <div>
          <Button icon={<Icon of={UserPlus} />} onClick={() => setAdding(true)}>
            {words().addClinician}
          </Button>
        </div>
      </Show>
      <Show when={adding()}>
        <MemberDialog add={(draft) => props.add(draft)} onClose={() => setAdding(false)} />
      </Show>
    </>
  )
}
