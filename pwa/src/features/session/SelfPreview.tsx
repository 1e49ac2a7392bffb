import { createEffect, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import type { LocalDevice } from '../device-check/local-media-state.ts'
import { createElementSize } from './element-size.ts'
import { Icon } from '../../ui/Icon.tsx'
import { EyeOff, VideoOff } from '../../ui/icons.ts'
import { announce } from '../../ui/announce.ts'
import { fromPoint, isPreviewKey, type PreviewPosition, placeOf, pressed, type Size, toPoint } from './preview-position.ts'
import styles from './SelfPreview.module.css'
import { sessionWords } from '../../words/areas.ts'
import type { SessionSettings } from './session-settings.ts'

type Drag = {
  readonly pointer: number
  readonly fromX: number
  readonly fromY: number
  readonly left: number
  readonly top: number
  readonly moved: boolean
}

/** Less than this many px is a tap with an unsteady finger. */
const tapSlopPx = 6

/** S25-S29: one's own picture, moved by mouse, finger and arrow keys. It only ever hides the picture, never stops it. */
export function SelfPreview(props: {
  readonly camera: LocalDevice
  /** Size of the stage that it moves in. */
  readonly stage: Size
  readonly settings: SessionSettings
  readonly onHidden: () => void
}) {
  const own = createElementSize()
  const [drag, setDrag] = createSignal<Drag | null>(null)
  const [tapped, setTapped] = createSignal(false)
  let wasDragged = false
  let box!: HTMLDivElement
  let video!: HTMLVideoElement

  const track = createMemo(() => (props.camera.kind === 'live' && props.camera.enabled ? props.camera.track : null))
  createEffect(() => {
    const live = track()
    video.srcObject = live ? new MediaStream([live]) : null
  })

  const measured = () => props.stage.width > 0 && own.size().width > 0
  createEffect(() => {
    if (!measured()) return
    const { left, top } = toPoint(props.settings.previewPosition(), props.stage, own.size())
    box.style.transform = `translate(${left}px, ${top}px)`
  })

  function move(position: PreviewPosition, keep: boolean) {
    props.settings.setPreviewPosition(position, keep)
  }

  function say() {
    const position = props.settings.previewPosition()
    const { place, moved } = sessionWords().preview
    announce(moved(place[placeOf(position)], Math.round(position.across * 100), Math.round(position.down * 100)))
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== box || !isPreviewKey(event.key)) return
    event.preventDefault()
    move(pressed(props.settings.previewPosition(), event.key, event.shiftKey, props.stage, own.size()), true)
  }

  /** Once per press, not once per repeat of a key that is held. */
  function onKeyUp(event: KeyboardEvent) {
    if (event.target === box && isPreviewKey(event.key)) say()
  }

  /** Anywhere on it, also on the eye: only a press that stays in place is the eye's. */
  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0 || drag()) return
    const { left, top } = toPoint(props.settings.previewPosition(), props.stage, own.size())
    wasDragged = false
    setDrag({ pointer: event.pointerId, fromX: event.clientX, fromY: event.clientY, left, top, moved: false })
    listen()
  }

  function onPointerMove(event: PointerEvent) {
    const now = drag()
    if (!now || event.pointerId !== now.pointer) return
    const byX = event.clientX - now.fromX
    const byY = event.clientY - now.fromY
    if (!now.moved && Math.hypot(byX, byY) < tapSlopPx) return
    if (!now.moved) setDrag({ ...now, moved: true })
    move(fromPoint({ left: now.left + byX, top: now.top + byY }, props.stage, own.size()), false)
  }

  function onPointerEnd(event: PointerEvent) {
    const now = drag()
    if (!now || event.pointerId !== now.pointer) return
    stopListening()
    setDrag(null)
    wasDragged = now.moved
    if (!now.moved) {
      if (event.pointerType !== 'mouse') setTapped(true)
      return
    }
    move(props.settings.previewPosition(), true)
    say()
  }

  // On the window: a quick hand leaves the picture behind.
  function listen() {
    window.addEventListener('pointermove', onPointerMove)
    window.addEventListener('pointerup', onPointerEnd)
    window.addEventListener('pointercancel', onPointerEnd)
  }
  function stopListening() {
    window.removeEventListener('pointermove', onPointerMove)
    window.removeEventListener('pointerup', onPointerEnd)
    window.removeEventListener('pointercancel', onPointerEnd)
  }
  onCleanup(stopListening)

  function hide(event: MouseEvent) {
    // The click that ends a drag which began on the eye. A key's click has no detail.
    if (wasDragged && event.detail > 0) return
    props.settings.setShowVideo(false)
    announce(sessionWords().preview.hidden)
    props.onHidden()
  }

  const withoutPicture = () => {
    if (track()) return null
    return props.camera.kind === 'live' ? sessionWords().preview.cameraOff : sessionWords().preview.noCamera
  }

  return (
    <div
      ref={(element) => {
        box = element
        own.observe(element)
      }}
      class={styles.preview}
      role="group"
      tabindex="0"
      aria-label={sessionWords().preview.name}
      aria-description={sessionWords().preview.hint}
      data-dragging={drag()?.moved ? '' : undefined}
      data-tapped={tapped() ? '' : undefined}
      data-measured={measured() ? '' : undefined}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onPointerDown={onPointerDown}
      onBlur={() => setTapped(false)}
    >
      <video ref={video} class={styles.video} muted autoplay playsinline />
      <Show when={withoutPicture()}>
        {(text) => (
          <p class={styles.noPicture}>
            <Icon of={VideoOff} />
            {text()}
          </p>
        )}
      </Show>
      <button type="button" class={styles.eye} aria-label={sessionWords().preview.hide} title={sessionWords().preview.hide} onClick={hide}>
        <Icon of={EyeOff} />
      </button>
    </div>
  )
}
