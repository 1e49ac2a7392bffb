import { createEffect, type JSX, on, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { X } from '../../ui/icons.ts'
import styles from './SessionPanel.module.css'

/** The box at the left of the stage; a sheet over it on phones. It never covers the toolbar. */
export function SessionPanel(props: {
  readonly id: string
  readonly name: string
  readonly open: boolean
  /** `sheet`: always over the stage, for a page without a box. */
  readonly kind: 'box' | 'sheet'
  readonly onClose: () => void
  readonly children: JSX.Element
}) {
  let panel: HTMLElement | undefined

  // Whoever opens it means to use it.
  createEffect(
    on(
      () => props.open,
      (open) => open && panel?.focus({ preventScroll: true }),
      { defer: true },
    ),
  )

  return (
    <Show when={props.open}>
      <aside
        id={props.id}
        ref={panel}
        class={styles.panel}
        data-kind={props.kind}
        tabindex="-1"
        aria-label={props.name}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.defaultPrevented) return
          event.preventDefault()
          props.onClose()
        }}
      >
        <div class={styles.head}>
          <p class={styles.title} aria-hidden="true">
            {props.kind === 'sheet' ? props.name : ''}
          </p>
          <Button kind="plain" iconOnly icon={<Icon of={X} />} aria-label={sessionWords().box.close} onClick={props.onClose} />
        </div>
        <div class={styles.content}>{props.children}</div>
      </aside>
    </Show>
  )
}
