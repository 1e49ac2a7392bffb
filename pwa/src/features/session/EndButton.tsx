import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import type { Clock, Stop } from '../../ports.ts'
import styles from './EndButton.module.css'
import { Icon } from '../../ui/Icon.tsx'
import { PhoneOff } from '../../ui/icons.ts'
import { announce } from '../../ui/announce.ts'
import { sessionWords } from '../../words/areas.ts'
import { ToolbarButton } from './ToolbarButton.tsx'

/** Seconds in which a clinician can take back the end of a group's session. */
const undoSeconds = 5

/**
 * S40. Between two people the end is one click, and Restart the Session is the way back. An end for several people can
 * be taken back for five seconds: bringing all of them together again is not one click.
 */
export function EndButton(props: {
  readonly kind: 'end' | 'end-for-all' | 'leave'
  readonly clock: Clock
  /** Why it cannot be ended now. */
  readonly held: string | null
  readonly onEnd: () => void
}) {
  const [left, setLeft] = createSignal<number | null>(null)
  let stop: Stop | null = null
  let button: HTMLButtonElement | undefined

  onCleanup(() => stop?.())
  createEffect(() => {
    if (props.held !== null && left() !== null) undo()
  })

  function click() {
    if (props.kind !== 'end-for-all' || left() !== null) return endNow()
    setLeft(undoSeconds)
    announce(sessionWords().toolbar.endingForAll(undoSeconds))
    stop = props.clock.every(1000, () => {
      const next = (left() ?? 1) - 1
      if (next <= 0) endNow()
      else setLeft(next)
    })
  }

  function endNow() {
    stop?.()
    stop = null
    setLeft(null)
    props.onEnd()
  }

  function undo() {
    stop?.()
    stop = null
    setLeft(null)
    announce(sessionWords().toolbar.undone)
    button?.focus()
  }

  const label = () => (props.kind === 'leave' ? sessionWords().toolbar.leave : sessionWords().toolbar.end)

  return (
    <div class={styles.end}>
      <ToolbarButton
        ref={(element) => {
          button = element
        }}
        label={label()}
        short={label()}
        icon={<Icon of={PhoneOff} />}
        danger
        held={props.held}
        onClick={click}
      />
      <Show when={left()}>
        {(seconds) => (
          <div
            class={styles.popover}
            role="alertdialog"
            aria-label={sessionWords().toolbar.endingForAll(undoSeconds)}
            onKeyDown={(event) => event.key === 'Escape' && undo()}
          >
            <p class={styles.text}>{sessionWords().toolbar.endingForAll(seconds())}</p>
            <div class={styles.choices}>
              <button type="button" class={styles.undo} onClick={undo} ref={(element) => queueMicrotask(() => element.focus())}>
                {sessionWords().toolbar.undo}
              </button>
              <button type="button" class={styles.now} onClick={endNow}>
                {sessionWords().toolbar.endNow}
              </button>
            </div>
          </div>
        )}
      </Show>
    </div>
  )
}
