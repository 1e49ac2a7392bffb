import { type Member, may, type TelehealthTier, telehealthTiers } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createSignal, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import { formatChoice } from '../../words/formats.ts'
import type { PracticeRepository, SaveError } from '../../ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Select } from '../../ui/Select.tsx'
import styles from './SettingsPage.module.css'
import { nameThoseToAsk } from './whom-to-ask.ts'

export type TelehealthSettingProps = {
  readonly tier: TelehealthTier
  readonly me: Member
  readonly members: readonly Member[]
  readonly change: PracticeRepository['changeTelehealth']
}

/** S1: only a Practice Administrator changes it; others read whom to ask. */
export function TelehealthSetting(props: TelehealthSettingProps): JSX.Element {
  const words = () => practiceWords().settings
  const [error, setError] = createSignal<SaveError | null>(null)
  const [saved, setSaved] = createSignal(false)
  const allowed = () => may(props.me, 'change-telehealth')

  async function choose(tier: TelehealthTier): Promise<void> {
    setSaved(false)
    const result = await props.change(tier)
    setError(result.ok ? null : result.error)
    setSaved(result.ok)
  }

  return (
    <>
      <Select
        label={words().telehealth}
        labelHidden
        value={props.tier}
        disabled={!allowed()}
        options={telehealthTiers.map((value) => ({ value, label: practiceWords().tiers[value] }))}
        onChange={(tier) => void choose(tier)}
        hint={words().telehealthHint[props.tier]}
      />
      <p role="status" class={styles.saved}>
        {saved() ? practiceWords().saved : ''}
      </p>
      <Show when={!allowed()}>
        <p>{words().askTelehealth(nameThoseToAsk(props.members, 'change-telehealth', practiceWords(), formatChoice))}</p>
      </Show>
      <Show when={error()}>
        {(failed) => (
          <Banner tone="danger" role="alert">
            {practiceWords().saveFailed[failed()]}
          </Banner>
        )}
      </Show>
    </>
  )
}
