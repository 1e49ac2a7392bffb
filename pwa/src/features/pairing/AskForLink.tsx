import type { JSX } from 'solid-js'
import { createSignal } from 'solid-js'
import { peopleWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './Pairing.module.css'

/** Where somebody comes without a link: it is pasted here. */
export function AskForLink(props: { readonly onLink: (link: string) => void; readonly onSetUp: () => void }): JSX.Element {
  const words = () => peopleWords().join
  const [link, setLink] = createSignal('')
  const [missing, setMissing] = createSignal(false)
  let form: HTMLFormElement | undefined

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    setMissing(link().trim() === '')
    if (missing()) form?.querySelector('input')?.focus()
    else props.onLink(link().trim())
  }
  return (
    <>
      <p class={styles.soft}>{words().lead}</p>
      <form ref={form} class={styles.step} novalidate onSubmit={submit}>
        <TextField
          label={words().linkLabel}
          value={link()}
          onChange={setLink}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          inputmode="url"
          hint={words().linkHint}
          error={missing() ? words().noLink : undefined}
        />
        <Button kind="primary" type="submit" wide>
          {words().continue}
        </Button>
      </form>
      <div class={styles.aside}>
        <Button kind="plain" onClick={() => props.onSetUp()}>
          {words().setUpInstead}
        </Button>
      </div>
    </>
  )
}
