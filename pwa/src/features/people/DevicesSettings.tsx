import { type Member, may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, Show } from 'solid-js'
import { peopleWords, practiceWords, syncWords } from '../../words/areas.ts'
import { formatAgo, formatChoice, formatList } from '../../words/formats.ts'
import type { SaveError } from '../../ports.ts'
import type { PeopleState } from '../../sync-ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import { Laptop, MonitorSmartphone, Smartphone } from '../../ui/icons.ts'
import { InvitationDialog } from '../pairing/InvitationDialog.tsx'
import { nameThoseToAsk } from '../settings/whom-to-ask.ts'
import { LogEnrolment } from '../log/LogEnrolment.tsx'
import { LogSpace } from '../log/LogSpace.tsx'
import { SyncStatus } from '../sync/SyncStatus.tsx'
import type { SyncState } from '../sync/sync-state.ts'
import styles from './People.module.css'
import type { PeopleDoors } from './people-doors.ts'
import { type DeviceRow, deviceRows, onlineDevices } from './people-view.ts'
import { RenameDeviceDialog } from './RenameDeviceDialog.tsx'

/** By what the device called itself, or what people call it now. */
const isHandheld = (label: string) => /iphone|ipad|android|phone|tablet|m[oó]vil|tel[eé]fono|celular/i.test(label)

export type DevicesSettingsProps = {
  readonly me: Member
  readonly members: readonly Member[]
  readonly people: PeopleState | null
  readonly sync: SyncState | null
  readonly doors: PeopleDoors
  /** What my waiting room needs after a device of mine was removed. */
  readonly room: JSX.Element
}

/** Which devices have the schedule, how far they are together, and the way to one more or one less. */
export function DevicesSettings(props: DevicesSettingsProps): JSX.Element {
  const words = () => peopleWords().devices
  const [linking, setLinking] = createSignal(false)
  const [renaming, setRenaming] = createSignal<DeviceRow | null>(null)
  const [removing, setRemoving] = createSignal<DeviceRow | null>(null)
  const [removed, setRemoved] = createSignal<DeviceRow | null>(null)
  const [error, setError] = createSignal<SaveError | null>(null)
  let outcome: HTMLParagraphElement | undefined
  const rows = createMemo(() => deviceRows(props.members, props.me, props.people, props.sync))
  const online = createMemo(() => onlineDevices(props.members, props.people, props.sync))
  const count = () => props.people?.devices.length ?? 0
  const seesAll = () => may(props.me, 'remove-any-device')

  const codeAsked = () => {
    const line = props.sync?.log.line
    return line?.kind === 'needs-enrolment' ? line : null
  }

  const removedWords = () => {
    const row = removed()
    if (!row) return ''
    const owner = props.members.find(({ id }) => id === row.device.member)
    const isTheirs = owner && owner.id !== props.me.id && owner.roomKey !== null && may(owner, 'replace-own-room')
    return [words().removed(words().label(row.label)), ...(isTheirs ? [words().theirRoom(owner.name)] : [])].join(' ')
  }

  async function remove(row: DeviceRow): Promise<void> {
    setRemoving(null)
    const result = await props.doors.people.removeDevice(row.device.key)
    setError(result.ok ? null : result.error)
    if (!result.ok) return
    setRemoved(row)
    // The button is gone with its row. What has to follow stands below this line.
    outcome?.focus({ preventScroll: true })
    outcome?.scrollIntoView({ block: 'start' })
  }

  return (
    <>
      <Show when={props.sync}>{(sync) => <SyncStatus state={sync()} now={props.doors.now()} doors={props.doors.log} />}</Show>
      <Show when={codeAsked()}>
        {(line) => (
          <LogEnrolment
            line={line()}
            ask={
              may(props.me, 'change-telehealth')
                ? null
                : syncWords().askForCode(nameThoseToAsk(props.members, 'change-telehealth', practiceWords(), formatChoice))
            }
            enrol={(code) => props.doors.log.enrol(code)}
          />
        )}
      </Show>
      <Show when={props.sync?.log.space}>{(space) => <LogSpace space={space()} />}</Show>
      <Show when={!seesAll() && online().length > 0}>
        <p>
          {syncWords().onlineNow(formatList(online().map(({ label, name }) => syncWords().personWithDevice(name, words().label(label)))))}
        </p>
      </Show>
      <Show when={error()}>
        {(failed) => (
          <Banner tone="danger" role="alert">
            {practiceWords().saveFailed[failed()]}
          </Banner>
        )}
      </Show>
      <div class={styles.outcome}>
        <p ref={outcome} tabIndex={-1} hidden={removed() === null}>
          {removedWords()}
        </p>
        {props.room}
      </div>
      <Show when={seesAll() && rows().others.length > 0}>
        <h3>{words().mine}</h3>
      </Show>
      <DeviceList {...props} rows={rows().mine} named={false} onRename={setRenaming} onRemove={setRemoving} />
      <Show when={rows().others.length > 0}>
        <h3>{words().others}</h3>
        <DeviceList {...props} rows={rows().others} named onRename={setRenaming} onRemove={setRemoving} />
      </Show>
      <Show when={rows().mine.length < 2}>
        <p class={styles.soft}>{count() < 2 ? words().only : words().onlyMine}</p>
      </Show>
      <div class={styles.actions}>
        <Button icon={<Icon of={MonitorSmartphone} />} onClick={() => setLinking(true)}>
          {words().link}
        </Button>
      </div>
      <Show when={!seesAll()}>
        <p class={styles.soft}>{words().askOthers(nameThoseToAsk(props.members, 'remove-any-device', practiceWords(), formatChoice))}</p>
      </Show>
      <Show when={linking()}>
        <InvitationDialog
          target={{ kind: 'own-device' }}
          name={props.me.name}
          invite={(target) => props.doors.invite(target, props.me.name)}
          clock={props.doors.clock}
          page={props.doors.page}
          onClose={() => setLinking(false)}
        />
      </Show>
      <Show when={renaming()} keyed>
        {(row) => <RenameDeviceDialog row={row} people={props.doors.people} onClose={() => setRenaming(null)} />}
      </Show>
      <Show when={removing()} keyed>
        {(row) => (
          <ConfirmDialog
            title={words().removeTitle(words().label(row.label), row.name)}
            confirm={words().removeConfirm}
            cancel={words().removeCancel}
            danger
            onConfirm={() => void remove(row)}
            onCancel={() => setRemoving(null)}
            lines={[words().removeBody, words().removeKey]}
          />
        )}
      </Show>
    </>
  )
}

function DeviceList(
  props: Pick<DevicesSettingsProps, 'people' | 'doors'> & {
    readonly rows: readonly DeviceRow[]
    /** Whose it is. */
    readonly named: boolean
    readonly onRename: (row: DeviceRow) => void
    readonly onRemove: (row: DeviceRow) => void
  },
): JSX.Element {
  const words = () => peopleWords().devices
  const isAlone = () => (props.people?.devices.length ?? 0) < 2
  const status = ({ device, sync }: DeviceRow) => {
    if (device.isThis) return words().thisDevice
    if (!sync || (!sync.online && sync.heardAt === null)) return words().never
    if (!sync.online) return words().heard(formatAgo(sync.heardAt ?? 0, props.doors.now()))
    return `${words().online} · ${sync.settled ? words().upToDate : words().exchanging}`
  }
  return (
    <ul class={styles.list}>
      <KeyedFor each={props.rows} by={({ device }) => device.key}>
        {(row) => {
          const label = () => words().label(row().label)
          return (
            <li class={styles.row}>
              <span class={styles.picture} data-online={row().sync?.online ?? row().device.isThis}>
                <Icon of={isHandheld(row().device.label) ? Smartphone : Laptop} />
              </span>
              <div class={`${styles.who} ${styles.narrow}`}>
                <strong>{props.named ? row().name : label()}</strong>
                <Show when={props.named}>
                  <span>{label()}</span>
                </Show>
                <span class={styles.soft}>{status(row())}</span>
                <Show when={row().device.isThis && !row().isNeeded && !isAlone()}>
                  <span class={styles.soft}>{words().removeElsewhere}</span>
                </Show>
                <Show when={row().isNeeded && !isAlone()}>
                  <span class={styles.soft}>{words().lastAdministrator}</span>
                </Show>
              </div>
              <div class={`${styles.rowActions} ${styles.under}`}>
                <Show when={row().mayRename}>
                  <Button
                    kind="plain"
                    class={`${styles.flush} ${styles.quiet}`}
                    aria-label={words().renameOf(label(), props.named ? row().name : null)}
                    onClick={() => props.onRename(row())}
                  >
                    {words().rename}
                  </Button>
                </Show>
                <Show when={row().mayRemove && !row().isNeeded && !isAlone()}>
                  <Button
                    kind="plain"
                    class={`${styles.flush} ${styles.quiet}`}
                    aria-label={words().removeOf(label(), props.named ? row().name : null)}
                    onClick={() => props.onRemove(row())}
                  >
                    {words().remove}
                  </Button>
                </Show>
              </div>
            </li>
          )
        }}
      </KeyedFor>
    </ul>
  )
}
