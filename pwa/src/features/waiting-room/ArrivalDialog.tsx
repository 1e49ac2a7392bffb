import { createEffect, createMemo, createUniqueId, For, type JSX, on, onCleanup, onMount } from 'solid-js'
import { Portal } from 'solid-js/web'
import { sessionWords } from '../../words/areas.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { X } from '../../ui/icons.ts'
import dark from '../session/dark.module.css'
import styles from './ArrivalDialog.module.css'
import { isWriting, keepOnTop } from './on-top.ts'

/**
 * S20: in the middle of the screen, above whatever is open, without a veil: the session and the page go on. The focus
 * comes here unless somebody is writing; F6 brings it here any time.
 */
export function ArrivalDialog(props: {
  /** Changes with the person: the next one is announced anew. */
  readonly person: string
  readonly title: string
  readonly details: readonly string[]
  readonly dark: boolean
  readonly actions: JSX.Element
  readonly children?: JSX.Element
  readonly onDismiss: () => void
}) {
  const id = createUniqueId()
  let card!: HTMLDivElement
  let before: Element | null = null

  onMount(() => {
    onCleanup(keepOnTop(card))
    document.addEventListener('keydown', onF6)
    onCleanup(() => document.removeEventListener('keydown', onF6))
    onCleanup(giveBack)
  })

  const person = createMemo(() => props.person)
  createEffect(
    on(person, () => {
      if (isWriting()) announce(sessionWords().arrival.announced(props.title), 'assertive')
      else takeFocus()
    }),
  )

  function onF6(event: KeyboardEvent) {
    if (event.key !== 'F6' || event.defaultPrevented) return
    event.preventDefault()
    takeFocus()
  }

  /** The card, not a button: a space meant for something else must not accept anybody. */
  function takeFocus() {
    if (card.contains(document.activeElement)) return
    before = document.activeElement
    card.focus({ preventScroll: true })
  }

  function giveBack() {
    const hadFocus = card.contains(document.activeElement) || document.activeElement === document.body
    if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
  }

  return (
    <Portal>
      <div
        ref={card}
        class={`${styles.card} ${props.dark ? dark.dark : ''}`}
        role="alertdialog"
        aria-modal="false"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-details`}
        tabindex="-1"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          props.onDismiss()
        }}
      >
        <div class={styles.head}>
          <h2 id={`${id}-title`} class={styles.title}>
            {props.title}
          </h2>
          <Button
            kind="plain"
            iconOnly
            icon={<Icon of={X} />}
            aria-label={sessionWords().arrival.later}
            title={sessionWords().arrival.later}
            onClick={props.onDismiss}
          />
        </div>
        <div id={`${id}-details`} class={styles.details}>
          <For each={props.details}>{(detail) => <p>{detail}</p>}</For>
        </div>
        {props.children}
        <div class={styles.actions}>{props.actions}</div>
      </div>
    </Portal>
  )
}
