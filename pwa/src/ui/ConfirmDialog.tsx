import type { JSX } from 'solid-js'
import { For, Show } from 'solid-js'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'

export type ConfirmDialogProps = {
  readonly title: string
  readonly confirm: string
  readonly cancel: string
  /** What happens cannot be taken back. */
  readonly danger?: boolean
  readonly onConfirm: () => void
  readonly onCancel: () => void
  /** What happens, sentence by sentence; instead of children. */
  readonly lines?: readonly string[]
  readonly children?: JSX.Element
}

/** A question with two answers. The harmless one has the focus and Escape. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  return (
    <Dialog
      title={props.title}
      role="alertdialog"
      size="small"
      onClose={() => props.onCancel()}
      footer={
        <>
          <Button autofocus onClick={() => props.onCancel()}>
            {props.cancel}
          </Button>
          <Button kind={props.danger ? 'danger' : 'primary'} onClick={() => props.onConfirm()}>
            {props.confirm}
          </Button>
        </>
      }
    >
      <Show when={props.lines} fallback={<p>{props.children}</p>}>
        <For each={props.lines}>{(line) => <p>{line}</p>}</For>
      </Show>
    </Dialog>
  )
}
