import type { JSX } from 'solid-js'
import { createUniqueId, onCleanup, onMount, Show } from 'solid-js'
import styles from './Dialog.module.css'

export type DialogProps = {
  readonly title: string
  /** Escape, or a click on the backdrop where `closeOnBackdrop`. Leave it out for a dialog that must be answered. */
  readonly onClose?: (() => void) | undefined
  readonly closeOnBackdrop?: boolean
  /** `alertdialog` for a question that interrupts. */
  readonly role?: 'dialog' | 'alertdialog'
  readonly size?: 'small' | 'medium' | 'large'
  /** Stands at the bottom and stays in sight while the content scrolls. */
  readonly footer?: JSX.Element
  /** Beside the title. */
  readonly aside?: JSX.Element
  readonly children: JSX.Element
}

/** Modal: the browser's own `<dialog>` keeps the focus inside and gives it back. Mount it to open it. */
export function Dialog(props: DialogProps): JSX.Element {
  const id = createUniqueId()
  let element: HTMLDialogElement | undefined
  onMount(() => element?.showModal())
  onCleanup(() => element?.close())
  return (
    <dialog
      ref={element}
      class={`${styles.dialog} ${styles[props.size ?? 'medium']}`}
      role={props.role === 'alertdialog' ? 'alertdialog' : undefined}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        props.onClose?.()
      }}
      // Chromium closes on a second Escape even though `cancel` was prevented; the keydown is asked first.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        event.stopPropagation()
        props.onClose?.()
      }}
      onClick={(event) => {
        if (props.closeOnBackdrop && event.target === event.currentTarget) props.onClose?.()
      }}
    >
      <div class={styles.frame}>
        <div class={styles.header}>
          <h2 id={`${id}-title`} class={styles.title}>
            {props.title}
          </h2>
          {props.aside}
        </div>
        <div class={styles.body}>{props.children}</div>
        <Show when={props.footer}>
          <div class={styles.footer}>{props.footer}</div>
        </Show>
      </div>
    </dialog>
  )
}
