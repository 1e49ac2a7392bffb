import { type Member, may, type Role, roles } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { JSX } from 'solid-js'
import { createSignal, For, Show } from 'solid-js'
import { peopleWords, practiceWords } from '../../words/areas.ts'
import type { SaveError } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './People.module.css'
import type { PeopleDoors } from './people-doors.ts'
import type { PersonRow } from './people-view.ts'

export type MemberDialogProps = {
  /** Null for a new person. */
  readonly edit: PersonRow | null
  /** Chosen at first. */
  readonly roles: readonly Role[]
  readonly doors: Pick<PeopleDoors, 'practice' | 'people'>
  readonly onInvite: (member: Member) => void
  readonly onClose: () => void
}

/** A person of the practice: name and roles; and, for one who leaves, the removal. */
export function MemberDialog(props: MemberDialogProps): JSX.Element {
  const words = () => peopleWords().people
  const before = props.edit?.member ?? null
  const [name, setName] = createSignal(before?.name ?? '')
  const [chosen, setChosen] = createSignal<readonly Role[]>(props.roles)
  const [saving, setSaving] = createSignal(false)
  const [tried, setTried] = createSignal(false)
  const [asking, setAsking] = createSignal(false)
  const [problem, setProblem] = createSignal<string | null>(null)
  const noName = () => tried() && name().trim() === ''
  const noRole = () => tried() && chosen().length === 0
  const isLast = (role: Role) => role === 'administrator' && (props.edit?.isLastAdministrator ?? false)
  const title = () => {
    if (before) return words().editTitle(before.name)
    return props.roles.includes('clinician') ? practiceWords().settings.addClinician : words().addTitle
  }

  function toggle(role: Role, on: boolean): void {
    setChosen((old) => roles.filter((one) => (one === role ? on : old.includes(one))))
  }

  async function store(): Promise<Result<Member, SaveError>> {
    const typed = name().trim()
    if (!before) return props.doors.practice.addMember({ name: typed, roles: chosen() })
    if (typed !== before.name) {
      const renamed = await props.doors.practice.renameMember(before.id, typed)
      if (!renamed.ok) return renamed
    }
    if (chosen().join() !== roles.filter((role) => before.roles.includes(role)).join()) {
      const changed = await props.doors.people.changeRoles(before.id, chosen())
      if (!changed.ok) return changed
    }
    return ok({ ...before, name: typed, roles: chosen() })
  }

  async function run<T>(task: () => Promise<Result<T, SaveError>>): Promise<Result<T, SaveError>> {
    if (saving()) return err('invalid')
    setSaving(true)
    const result = await task()
    setSaving(false)
    setProblem(result.ok ? null : practiceWords().saveFailed[result.error])
    return result
  }

  async function save(thenInvite: boolean): Promise<void> {
    setTried(true)
    if (saving() || noName() || noRole()) return
    const result = await run(store)
    if (!result.ok) return
    if (before) announce(words().changed(result.value.name))
    if (thenInvite) props.onInvite(result.value)
    else props.onClose()
  }

  async function remove(member: Member): Promise<void> {
    setAsking(false)
    const result = await run(() => props.doors.people.removeMember(member.id))
    if (!result.ok) return
    announce(words().removed(member.name))
    props.onClose()
  }

  return (
    <FormDialog
      title={title()}
      save={practiceWords().save}
      cancel={practiceWords().cancel}
      busy={saving()}
      problem={problem()}
      moreActions={
        <Show when={!before}>
          <Button onClick={() => void save(true)} busy={saving()}>
            {words().saveAndInvite}
          </Button>
        </Show>
      }
      below={
        <Show when={props.edit && !props.edit.isMe && !props.edit.isLastAdministrator && before}>
          {(member) => (
            <div>
              <Button kind="plain" class={styles.dangerous ?? ''} onClick={() => setAsking(true)}>
                {words().remove}
              </Button>
              <Show when={asking()}>
                <ConfirmDialog
                  title={words().removeTitle(member().name)}
                  confirm={words().removeConfirm(member().name)}
                  cancel={words().removeCancel}
                  danger
                  onConfirm={() => void remove(member())}
                  onCancel={() => setAsking(false)}
                  lines={[
                    words().removeDevices(member().name, props.edit?.devices ?? 0),
                    ...(may(member(), 'start-session') && member().roomKey ? [words().removeRoom(member().name)] : []),
                    ...(props.edit?.devices ? [words().removeKey] : []),
                  ]}
                />
              </Show>
            </div>
          )}
        </Show>
      }
      onSave={() => void save(false)}
      onClose={() => props.onClose()}
    >
      <TextField
        label={practiceWords().settings.name}
        value={name()}
        onChange={setName}
        autocomplete="off"
        required
        maxLength={80}
        error={noName() ? practiceWords().setUp.noName : undefined}
      />
      <fieldset class={styles.roles}>
        <legend>{practiceWords().settings.roles}</legend>
        <For each={['clinician', 'administrator', 'scheduler'] as const}>
          {(role) => (
            <Checkbox
              label={practiceWords().roles[role]}
              checked={chosen().includes(role)}
              disabled={isLast(role)}
              onChange={(on) => toggle(role, on)}
              hint={isLast(role) ? words().lastAdministrator : words().roleHints[role]}
            />
          )}
        </For>
        <p role="alert" class={styles.problem} hidden={!noRole()}>
          {practiceWords().setUp.noRole}
        </p>
      </fieldset>
    </FormDialog>
  )
}
