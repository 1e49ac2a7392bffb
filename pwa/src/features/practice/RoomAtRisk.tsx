import { createSignal, type JSX, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { TriangleAlert } from '../../ui/icons.ts'

/**
 * `atRisk`: a device of mine was removed; whoever has it has my room's key, and only a new room makes that worthless.
 * `missing`: this device has not the key and gets it from none; with a new room it has one.
 */
export type RoomTrouble = 'atRisk' | 'missing'

export function RoomAtRisk(props: {
  readonly trouble: RoomTrouble
  readonly repository: Pick<PeopleRepository, 'replaceRoom'>
  /** Replacing the room would end it. */
  readonly inSession: boolean
  readonly onReplaced: () => void
}): JSX.Element {
  const words = () => practiceWords().newRoom
  const [asking, setAsking] = createSignal(false)
  const [failure, setFailure] = createSignal('')

  async function replace(): Promise<void> {
    setAsking(false)
    const result = await props.repository.replaceRoom()
    setFailure(result.ok ? '' : practiceWords().saveFailed[result.error])
    if (result.ok) props.onReplaced()
  }

  return (
    <>
      <Banner
        tone="warning"
        role="region"
        label={words().replace}
        icon={<Icon of={TriangleAlert} />}
        actions={
          <Button disabled={props.inSession} onClick={() => setAsking(true)}>
            {words().replace}
          </Button>
        }
      >
        <p>{words()[props.trouble]}</p>
        <Show when={props.inSession}>
          <p>{words().inSession}</p>
        </Show>
        <p role="alert" hidden={failure() === ''}>
          {failure()}
        </p>
      </Banner>
      <Show when={asking()}>
        <ConfirmDialog
          title={words().askTitle}
          confirm={words().confirm}
          cancel={words().cancel}
          danger
          onConfirm={() => void replace()}
          onCancel={() => setAsking(false)}
        >
          {words().askBody}
        </ConfirmDialog>
      </Show>
    </>
  )
}
