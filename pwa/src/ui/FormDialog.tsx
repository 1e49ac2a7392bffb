import type { JSX } from 'solid-js'
import { createUniqueId, Show } from 'solid-js'
import { Banner } from './Banner.tsx'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

export type FormDialogProps = {
  readonly title: string
  readonly save: string
  readonly cancel: string
  /** It is being saved. */
  readonly busy: boolean
  /** Why it could not be saved. */
  readonly problem: string | null
  /** Another way to save, beside the first. */
  readonly moreActions?: JSX.Element
  /** Below the form, and no part of it. */
  readonly below?: JSX.Element
  readonly onSave: () => void
  readonly onClose: () => void
  /** The fields. */
  readonly children: JSX.Element
}

/** A few fields to save: what was typed stays when that did not work. */
export function FormDialog(props: FormDialogProps): JSX.Element {
  const id = createUniqueId()
  return (
    <Dialog
      title={props.title}
      size="small"
      onClose={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{props.cancel}</Button>
          {props.moreActions}
          <Button kind="primary" type="submit" form={id} busy={props.busy}>
            {props.save}
          </Button>
        </>
      }
    >
      <Show when={props.problem}>
        {(problem) => (
          <Banner tone="danger" role="alert">
            {problem()}
          </Banner>
        )}
      </Show>
      <form
        id={id}
        class="stack"
        novalidate
        onSubmit={(event) => {
          event.preventDefault()
          props.onSave()
        }}
      >
        {props.children}
      </form>
      {props.below}
    </Dialog>
  )
}
