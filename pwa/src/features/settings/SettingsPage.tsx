import { may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { peopleWords, practiceWords, recoveryWords } from '../../words/areas.ts'
import { formatChoice } from '../../words/formats.ts'
import type { PracticeRepository, PracticeState } from '../../ports.ts'
import type { PeopleState } from '../../sync-ports.ts'
import { DevicesSettings } from '../people/DevicesSettings.tsx'
import { PeopleSettings } from '../people/PeopleSettings.tsx'
import { ReportList } from '../people/ReportList.tsx'
import type { PeopleDoors } from '../people/people-doors.ts'
import { isEmailOrEmpty } from '../practice/set-up-form.ts'
import type { SyncState } from '../sync/sync-state.ts'
import { DeviceSettings, type DeviceSettingsProps } from './DeviceSettings.tsx'
import { SavedField } from './SavedField.tsx'
import styles from './SettingsPage.module.css'
import { TelehealthSetting } from './TelehealthSetting.tsx'
import { nameThoseToAsk } from './whom-to-ask.ts'

export type SettingsPageProps = {
  readonly state: PracticeState
  readonly repository: PracticeRepository
  readonly device: DeviceSettingsProps
  /** Null before anything is known of them. */
  readonly people: PeopleState | null
  readonly sync: SyncState | null
  readonly doors: PeopleDoors
  /** What the waiting room needs after a device was removed. */
  readonly room: JSX.Element
  readonly recovery: JSX.Element
}

export function SettingsPage(props: SettingsPageProps): JSX.Element {
  const words = () => practiceWords().settings
  const setUp = () => practiceWords().setUp
  const practice = () => props.state.practice
  const me = () => props.state.me
  const isAdministrator = () => may(me(), 'change-telehealth')
  return (
    <div class={styles.page}>
      <h1>{words().title}</h1>
      <Section title={words().telehealth}>
        <TelehealthSetting
          tier={practice().telehealth}
          me={me()}
          members={props.state.members}
          change={(tier) => props.repository.changeTelehealth(tier)}
        />
      </Section>
      <Section title={words().people}>
        <PeopleSettings me={me()} members={props.state.members} people={props.people} sync={props.sync} doors={props.doors} />
      </Section>
      <Section title={peopleWords().devices.title} id="devices">
        <DevicesSettings
          me={me()}
          members={props.state.members}
          people={props.people}
          sync={props.sync}
          doors={props.doors}
          room={props.room}
        />
      </Section>
      <Section title={recoveryWords().title} id="recovery">
        {props.recovery}
      </Section>
      <Show when={isAdministrator() && (props.people?.reports.length ?? 0) > 0 && props.people}>
        {(people) => (
          <Section title={peopleWords().reports.title}>
            <ReportList people={people()} members={props.state.members} />
          </Section>
        )}
      </Show>
      <Section title={words().practice}>
        <SavedField
          label={setUp().practiceName}
          value={practice().name}
          disabled={!isAdministrator()}
          check={(name) => (name === '' ? setUp().noPracticeName : undefined)}
          save={(name) => props.repository.updatePractice({ name })}
        />
        <SavedField
          label={setUp().contactPhone}
          type="tel"
          maxLength={40}
          value={practice().contactPhone}
          disabled={!isAdministrator()}
          hint={setUp().contactHint}
          save={(contactPhone) => props.repository.updatePractice({ contactPhone })}
        />
        <SavedField
          label={setUp().contactEmail}
          type="email"
          maxLength={120}
          value={practice().contactEmail}
          disabled={!isAdministrator()}
          check={(text) => (isEmailOrEmpty(text) ? undefined : setUp().badEmail)}
          save={(contactEmail) => props.repository.updatePractice({ contactEmail })}
        />
        <Show when={!isAdministrator()}>
          <p>{words().askPractice(nameThoseToAsk(props.state.members, 'change-telehealth', practiceWords(), formatChoice))}</p>
        </Show>
      </Section>
      <Section title={words().you}>
        <SavedField
          label={words().yourName}
          value={me().name}
          hint={setUp().yourNameHint}
          check={(name) => (name === '' ? setUp().noName : undefined)}
          save={(name) => props.repository.renameMember(me().id, name)}
        />
      </Section>
      <Section title={words().thisDevice}>
        <DeviceSettings {...props.device} />
        <p>
          <a href="/check" target="_blank" rel="noopener">
            {words().checkDevices}
          </a>{' '}
          {words().checkDevicesText}
        </p>
      </Section>
    </div>
  )
}

function Section(props: { readonly title: string; readonly id?: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <section class={styles.section} id={props.id}>
      <h2>{props.title}</h2>
      <div class={styles.content}>{props.children}</div>
    </section>
  )
}
