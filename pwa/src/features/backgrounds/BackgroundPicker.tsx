import { type BackgroundChoice, isProjectImage, noBackground, projectImages, writeBackgroundChoice } from '@alcove/shared/domain/background'
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, on, onCleanup, Show } from 'solid-js'
import type { Clock, Stop } from '../../ports.ts'
import { backgroundsWords } from '../../words/areas.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ImagePlus, X } from '../../ui/icons.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { fromEngine } from '../session/from-engine.ts'
import type { BackgroundControl } from './background-control.ts'
import type { BackgroundImages } from './background-images.ts'
import { isTrouble, newsOf } from './background-view.ts'
import { BackgroundNews } from './BackgroundNews.tsx'
import styles from './BackgroundPicker.module.css'
import { BackgroundTile, ImagePicture, RoomPicture } from './BackgroundTile.tsx'
import { createOwnList } from './own-list.ts'

export type BackgroundPickerProps = {
  readonly control: BackgroundControl
  readonly images: BackgroundImages
  readonly media: Pick<LocalMedia, 'state' | 'toggleCamera'>
  readonly clock: Pick<Clock, 'after'>
}

/** So many pickers are on the screen: what they say need not be said twice. */
const [pickers, setPickers] = createSignal(0)
export { pickers }

const plain = ['none', 'light', 'blur'] as const
/** Arrow keys choose whatever they pass: None shows the room only when they rest on it. */
const restMs = 600
const fileTypes = 'image/jpeg,image/png,image/webp'

/** S39: what stands behind oneself. The own video beside it shows how it looks. */
export function BackgroundPicker(props: BackgroundPickerProps): JSX.Element {
  const words = () => backgroundsWords()
  const state = fromEngine(props.control)
  const own = createOwnList(props.images.own)
  const group = createUniqueId()
  const news = createMemo(() => newsOf(state(), props.control.support()))
  const trouble = createMemo(() => isTrouble(news(), state()))
  const unsupported = () => news()?.kind === 'unsupported'
  const systemBlurs = () => state().alreadyBlurred && state().chosen.kind === 'blur'
  setPickers((count) => count + 1)
  let isShown = true
  let isArrowDown = false
  let stopResting: Stop | null = null
  onCleanup(() => {
    setPickers((count) => count - 1)
    isShown = false
    stopResting?.()
  })
  let files: HTMLInputElement | undefined
  let addButton: HTMLButtonElement | undefined
  let list: HTMLFieldSetElement | undefined
  let said: HTMLDivElement | undefined

  createEffect(() => trouble() && said?.scrollIntoView({ block: 'nearest' }))

  const chosenImage = () => {
    const { chosen } = state()
    return chosen.kind === 'image' ? chosen.id : null
  }
  /** Null while the list of one's own is not there, or the image is not in it. */
  function nameOf(choice: BackgroundChoice): string | null {
    if (choice.kind !== 'image') return words()[choice.kind]
    if (isProjectImage(choice.id)) return words().images[choice.id]
    const index = own.images().findIndex(({ id }) => id === choice.id)
    return index === -1 ? null : words().own(index + 1)
  }

  function choose(choice: BackgroundChoice): void {
    stopResting?.()
    props.control.choose(choice)
  }
  function choosePlain(kind: (typeof plain)[number]): void {
    if (kind !== 'none' || !isArrowDown) return choose({ kind })
    const before = state().chosen
    stopResting?.()
    stopResting = props.clock.after(restMs, () => state().chosen === before && choose(noBackground))
  }
  const chooseImage = (id: string) => choose({ kind: 'image', id })

  /** Null while nothing is to be said. Not in words: those change with the list, and with the language. */
  const inForce = createMemo(() => {
    const { chosen, phase } = state()
    return phase.kind === (chosen.kind === 'none' ? 'off' : 'on') ? writeBackgroundChoice(chosen) : null
  })
  function sayInForce(): void {
    const { chosen } = state()
    const name = nameOf(chosen)
    if (name !== null) announce(chosen.kind === 'none' ? words().off : words().on(name))
  }
  createEffect(on(inForce, (now) => now !== null && sayInForce(), { defer: true }))

  const focusChosen = () => list?.querySelector<HTMLInputElement>('input:checked')?.focus()

  async function add(file: File | undefined): Promise<void> {
    if (!file) return
    const before = state().chosen
    const added = await own.add(file)
    // Another choice that was made meanwhile stays.
    if (!added || !isShown || state().chosen !== before) return
    announce(words().added(own.images().length))
    chooseImage(added.id)
  }

  /** Nobody's room is shown because an image went: Blur takes its place. */
  async function remove(id: string, number: number): Promise<void> {
    const isChosen = chosenImage() === id
    if (isChosen) choose({ kind: 'blur' })
    if (!(await own.remove(id))) return
    announce(isChosen ? words().removedChosen(number) : words().removed(number))
    const rest = list?.querySelectorAll<HTMLButtonElement>('button[data-remove]')
    const next = rest?.[Math.min(number, rest.length) - 1] ?? addButton
    next?.focus()
  }

  return (
    <section class={styles.picker} aria-labelledby={`${group}-title`}>
      <div class={styles.head}>
        <h3 id={`${group}-title`}>{words().title}</h3>
        <p class={styles.hint}>{words().hint}</p>
      </div>
      <Show when={!unsupported()}>
        <fieldset
          ref={list}
          class={styles.tiles}
          onKeyDown={(event) => {
            isArrowDown = event.key.startsWith('Arrow')
          }}
          onKeyUp={() => {
            isArrowDown = false
          }}
          onPointerDown={() => {
            isArrowDown = false
          }}
        >
          <legend class="visually-hidden">{words().title}</legend>
          <For each={plain}>
            {(kind) => (
              <BackgroundTile
                group={group}
                name={words()[kind]}
                picture={<RoomPicture focus={kind} />}
                checked={state().chosen.kind === kind}
                onChoose={() => choosePlain(kind)}
              />
            )}
          </For>
          <For each={projectImages}>
            {(image) => (
              <BackgroundTile
                group={group}
                name={words().images[image]}
                picture={<ImagePicture url={props.images.project.thumbnailUrl(image)} />}
                checked={chosenImage() === image}
                onChoose={() => chooseImage(image)}
              />
            )}
          </For>
          <For each={own.images()}>
            {(image, index) => (
              <BackgroundTile
                group={group}
                name={words().own(index() + 1)}
                picture={<ImagePicture url={image.url} />}
                checked={chosenImage() === image.id}
                onChoose={() => chooseImage(image.id)}
              >
                <button
                  type="button"
                  class={styles.remove}
                  data-remove=""
                  aria-label={words().removeOwn(index() + 1)}
                  title={words().removeOwn(index() + 1)}
                  onClick={() => void remove(image.id, index() + 1)}
                >
                  <span>
                    <Icon of={X} size="small" />
                  </span>
                </button>
              </BackgroundTile>
            )}
          </For>
        </fieldset>
      </Show>
      {/* Below what one chooses from, which must not move under the hand; always in sight. */}
      <div ref={said} class={styles.news} role="status" data-trouble={trouble() ? '' : undefined}>
        <BackgroundNews news={news()} state={state()} control={props.control} media={props.media} onDecided={focusChosen} />
        <Show when={systemBlurs()}>
          <p class={styles.hint}>{words().systemBlurs}</p>
        </Show>
        <Show when={state().endsWithSession}>
          <p class={styles.hint}>{words().endsWithSession}</p>
        </Show>
      </div>
      <Show when={!unsupported()}>
        <div class={styles.add}>
          <Button
            ref={(button: HTMLButtonElement) => {
              addButton = button
            }}
            icon={<Icon of={ImagePlus} />}
            busy={own.adding()}
            aria-describedby={`${group}-add`}
            onClick={() => own.mayAdd() && files?.click()}
          >
            {words().add}
          </Button>
          <input
            ref={files}
            hidden
            type="file"
            accept={fileTypes}
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              // The same file again is a change, too.
              event.currentTarget.value = ''
              void add(file)
            }}
          />
          <p class={styles.hint} id={`${group}-add`}>
            {words().addHint}
          </p>
          <p class={styles.said} role="status" data-problem={own.problem() ? '' : undefined}>
            {own.adding() ? words().adding : problemWords()}
          </p>
        </div>
      </Show>
    </section>
  )

  function problemWords(): string {
    const problem = own.problem()
    if (problem === null) return ''
    return problem === 'not-removed' ? words().notRemoved : words().addProblem[problem]
  }
}
