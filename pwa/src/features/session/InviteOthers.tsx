import { createSignal, createUniqueId, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Page } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { UserPlus } from '../../ui/icons.ts'
import styles from './InviteOthers.module.css'

/** S23: the clinician's standing link, also while the session runs. */
export function InviteOthers(props: { readonly link: string | null; readonly page: Pick<Page, 'copyText'> }) {
  const [open, setOpen] = createSignal(false)
  const id = createUniqueId()
  return (
    <div class={styles.invite}>
      <Button
        wide
        icon={<Icon of={UserPlus} />}
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        onClick={() => setOpen((shown) => !shown)}
      >
        {sessionWords().invite.button}
      </Button>
      <Show when={open()}>
        <div id={id}>
          <Show when={props.link} fallback={<p class={styles.none}>{sessionWords().invite.none}</p>}>
            {(link) => (
              <CopyField
                label={sessionWords().invite.link}
                value={link()}
                copyLabel={sessionWords().invite.copy}
                copiedWords={sessionWords().invite.copied}
                failedWords={sessionWords().invite.copyFailed}
                hint={sessionWords().invite.hint}
                copy={(text) => props.page.copyText(text)}
              />
            )}
          </Show>
        </div>
      </Show>
    </div>
  )
}
