import type { Member } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { For, Show } from 'solid-js'
import { peopleWords, syncWords } from '../../words/areas.ts'
import type { PeopleState } from '../../sync-ports.ts'
import styles from './People.module.css'
import { deviceLabels } from './device-labels.ts'
import { type ReportRow, reportRows } from './people-view.ts'

/** What was asked for and had no effect, for those who administer the practice. */
export function ReportList(props: { readonly people: PeopleState; readonly members: readonly Member[] }): JSX.Element {
  const words = () => peopleWords().reports
  const sentence = ({ report }: ReportRow) => {
    if (report.kind === 'unsigned') return words().unsigned[report.what]
    const device = props.people.devices.find(({ key }) => key === report.refusal.by)
    const name = props.members.find(({ id }) => id === device?.member)?.name
    const label = device && peopleWords().devices.label(deviceLabels(props.people.devices).get(device.key) ?? '')
    return words().refused(label && name ? syncWords().personWithDevice(name, label) : null, report.refusal.reason)
  }
  return (
    <>
      <p class={styles.soft}>{words().lead}</p>
      <ul class={styles.reports}>
        <For each={reportRows(props.people.reports)}>
          {(row) => (
            <li>
              {sentence(row)}
              <Show when={row.count > 1}>
                <span class={styles.soft}> {words().times(row.count)}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </>
  )
}
