import type { DeviceKey } from '@alcove/shared/domain/ids'
import { type Member, may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createSignal, For, Show } from 'solid-js'
import { recoveryWords } from '../../words/areas.ts'
import { formatLongDate } from '../../words/formats.ts'
import type { KitsState, RecoveryKit } from '../../recovery-ports.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import styles from './Recovery.module.css'

export type RecoverySettingsProps = {
  readonly me: Member
  readonly members: readonly Member[]
  readonly kits: KitsState | null
  /** The server keeps a log to recover from. */
  readonly available: boolean
  readonly people: Pick<PeopleRepository, 'removeDevice'>
  readonly href: string
}

/** Whose kits there are, made and tested when. */
export function RecoverySettings(props: RecoverySettingsProps): JSX.Element {
  const words = () => recoveryWords().settings
  const [revoking, setRevoking] = createSignal<RecoveryKit | null>(null)
  const [failed, setFailed] = createSignal(false)
  const nameOf = (kit: RecoveryKit) => props.members.find(({ id }) => id === kit.member)?.name ?? ''
  const mine = () => props.kits?.kits.find(({ member }) => member === props.me.id) ?? null
  const others = () => (may(props.me, 'remove-any-device') ? (props.kits?.kits.filter(({ member }) => member !== props.me.id) ?? []) : [])

  async function revoke(device: DeviceKey): Promise<void> {
    setRevoking(null)
    setFailed(!(await props.people.removeDevice(device)).ok)
  }

  return (
    <>
      <p>{words().lead}</p>
      <Show when={props.available || mine()} fallback={<p>{words().unavailable}</p>}>
        <div class={styles.row}>
          <Show when={mine()} fallback={<p class={styles.who}>{words().none}</p>}>
            {(kit) => <KitLines kit={kit()} name={nameOf(kit())} />}
          </Show>
          <a class={styles.link} href={props.href}>
            {mine() ? words().open : words().make}
          </a>
        </div>
      </Show>
      <Show when={others().length > 0}>
        <h3>{words().others}</h3>
        <ul class={styles.rows}>
          <For each={others()}>
            {(kit) => (
              <li class={styles.row}>
                <KitLines kit={kit} name={nameOf(kit)} />
                <Button kind="plain" aria-label={words().revokeOf(nameOf(kit))} onClick={() => setRevoking(kit)}>
                  {words().revoke}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p role="alert" hidden={!failed()}>
        {words().failed}
      </p>
      <Show when={revoking()}>
        {(kit) => (
          <ConfirmDialog
            title={words().revokeTitle(nameOf(kit()))}
            confirm={words().revokeConfirm}
            cancel={words().revokeCancel}
            danger
            onConfirm={() => void revoke(kit().device)}
            onCancel={() => setRevoking(null)}
          >
            {words().revokeBody}
          </ConfirmDialog>
        )}
      </Show>
    </>
  )
}

function KitLines(props: { readonly kit: RecoveryKit; readonly name: string }): JSX.Element {
  const words = () => recoveryWords().settings
  return (
    <div class={styles.who}>
      <span>{words().made(props.name, formatLongDate(props.kit.madeAt))}</span>
      <span class={styles.soft}>
        {props.kit.drilledAt === null ? words().untested : words().tested(formatLongDate(props.kit.drilledAt))}
      </span>
    </div>
  )
}
