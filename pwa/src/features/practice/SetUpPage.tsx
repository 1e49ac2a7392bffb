import { telehealthTiers } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createSignal, Show } from 'solid-js'
import { practiceWords, recoveryWords } from '../../words/areas.ts'
import type { PracticeRepository, SaveError } from '../../ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { TriangleAlert } from '../../ui/icons.ts'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './SetUpPage.module.css'
import { emptySetUp, readSetUp, type SetUpForm, type SetUpProblem } from './set-up-form.ts'

export type SetUpPageProps = {
  readonly create: PracticeRepository['create']
  readonly mark: JSX.Element
  /** There was a practice on this device, and the browser has deleted it. */
  readonly lost: boolean
  /** To where an invitation is taken. */
  readonly onJoin: () => void
  /** To where a recovery kit is typed. */
  readonly onRestore: () => void
}

/** What a fresh browser shows. The practice appears through the repository once it is stored. */
export function SetUpPage(props: SetUpPageProps): JSX.Element {
  const words = () => practiceWords().setUp
  const [form, setForm] = createSignal<SetUpForm>(emptySetUp)
  const [problems, setProblems] = createSignal<readonly SetUpProblem[]>([])
  const [creating, setCreating] = createSignal(false)
  const [error, setError] = createSignal<SaveError | null>(null)
  let element: HTMLFormElement | undefined

  const change = (part: Partial<SetUpForm>) => setForm((before) => ({ ...before, ...part }))
  const problem = (kind: SetUpProblem, sentence: string) => (problems().includes(kind) ? sentence : undefined)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (creating()) return
    const draft = readSetUp(form())
    setProblems(draft.ok ? [] : draft.error)
    if (!draft.ok) {
      element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      return
    }
    setCreating(true)
    setError(null)
    const result = await props.create(draft.value)
    if (result.ok) return
    setCreating(false)
    setError(result.error)
  }

  return (
    <main class={styles.page}>
      <form ref={element} class={styles.form} novalidate onSubmit={(event) => void submit(event)}>
        <div class={styles.heading}>
          {props.mark}
          <Show
            when={props.lost}
            fallback={
              <>
                <h1>{words().title}</h1>
                <p class={styles.lead}>{words().lead}</p>
              </>
            }
          >
            <LostPractice />
          </Show>
          <div class={styles.join}>
            <span>{words().invited}</span>
            <Button onClick={() => props.onJoin()}>{words().join}</Button>
            <span>{recoveryWords().setUp.question}</span>
            <Button onClick={() => props.onRestore()}>{recoveryWords().setUp.action}</Button>
          </div>
        </div>
        <Show when={props.lost}>
          <h2 class={styles.instead}>{practiceWords().lost.setUp}</h2>
        </Show>
        <Show when={error()}>
          {(failed) => (
            <Banner tone="danger" role="alert">
              {practiceWords().saveFailed[failed()]}
            </Banner>
          )}
        </Show>
        <TextField
          label={words().practiceName}
          value={form().practiceName}
          onChange={(practiceName) => change({ practiceName })}
          autocomplete="organization"
          required
          maxLength={80}
          error={problem('practice-name', words().noPracticeName)}
        />
        <TextField
          label={words().yourName}
          value={form().yourName}
          onChange={(yourName) => change({ yourName })}
          autocomplete="name"
          required
          maxLength={80}
          hint={words().yourNameHint}
          error={problem('your-name', words().noName)}
        />
        <div class={styles.pair}>
          <TextField
            label={words().contactPhone}
            aside={practiceWords().optional}
            type="tel"
            value={form().contactPhone}
            onChange={(contactPhone) => change({ contactPhone })}
            autocomplete="tel"
            maxLength={40}
          />
          <TextField
            label={words().contactEmail}
            aside={practiceWords().optional}
            type="email"
            value={form().contactEmail}
            onChange={(contactEmail) => change({ contactEmail })}
            autocomplete="email"
            maxLength={120}
            error={problem('email', words().badEmail)}
          />
        </div>
        <p class={styles.hint}>{words().contactHint}</p>
        <fieldset class={styles.roles}>
          <legend>{words().yourRoles}</legend>
          <div>
            <Checkbox
              label={practiceWords().roles.administrator}
              checked={form().administrator}
              onChange={(administrator) => change({ administrator })}
            />
            <Checkbox label={practiceWords().roles.clinician} checked={form().clinician} onChange={(clinician) => change({ clinician })} />
          </div>
          <p role="alert" class={styles.problem} hidden={!problems().includes('role')}>
            {words().noRole}
          </p>
        </fieldset>
        <Select
          label={words().telehealth}
          value={form().telehealth}
          options={telehealthTiers.map((value) => ({ value, label: practiceWords().tiers[value] }))}
          onChange={(telehealth) => change({ telehealth })}
          hint={practiceWords().settings.telehealthHint[form().telehealth]}
        />
        <Button kind="primary" type="submit" wide busy={creating()}>
          {creating() ? words().creating : words().create}
        </Button>
      </form>
    </main>
  )
}

/** What happened, what it means, and what to do. */
function LostPractice(): JSX.Element {
  const words = () => practiceWords().lost
  return (
    <>
      <h1>{words().title}</h1>
      <Banner tone="warning" icon={<Icon of={TriangleAlert} />}>
        <p>{words().what}</p>
        <p class={styles.means}>{words().means}</p>
      </Banner>
      <p class={styles.how}>{words().how}</p>
    </>
  )
}
