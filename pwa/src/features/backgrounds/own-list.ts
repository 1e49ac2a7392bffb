import { maxOwnImages } from '@alcove/shared/domain/background'
import { err } from '@alcove/shared/domain/result'
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { OwnBackground, OwnBackgroundProblem, OwnBackgrounds } from '../../background-ports.ts'

/** With an address for its thumbnail, as long as the list is on the screen. */
export type ShownImage = { readonly id: string; readonly url: string }
export type OwnListProblem = OwnBackgroundProblem | 'not-removed'

export type OwnList = {
  readonly images: Accessor<readonly ShownImage[]>
  readonly adding: Accessor<boolean>
  readonly problem: Accessor<OwnListProblem | null>
  /** Whether one more may be added; says why not. */
  mayAdd(): boolean
  /** Null when it could not be added, which `problem` says, or when nobody looks at the list any more. */
  add(file: Blob): Promise<ShownImage | null>
  remove(id: string): Promise<boolean>
}

export function createOwnList(own: OwnBackgrounds): OwnList {
  const [images, setImages] = createSignal<readonly ShownImage[]>([])
  const [adding, setAdding] = createSignal(false)
  const [problem, setProblem] = createSignal<OwnListProblem | null>(null)
  let isShown = true

  const shown = ({ id, thumbnail }: OwnBackground): ShownImage => ({ id, url: URL.createObjectURL(thumbnail) })
  const forget = (gone: readonly ShownImage[]) => {
    for (const { url } of gone) URL.revokeObjectURL(url)
  }
  onCleanup(() => {
    isShown = false
    forget(images())
  })

  async function look(): Promise<void> {
    const found = (await own.list()).map(shown)
    if (!isShown) return forget(found)
    // What was added meanwhile is perhaps not among them.
    const [before, missing] = [images(), images().filter(({ id }) => !found.some((one) => one.id === id))]
    setImages([...found, ...missing])
    forget(before.filter((one) => !missing.includes(one)))
  }
  // What cannot be listed is not there to choose from.
  void look().catch(() => undefined)

  return {
    images,
    adding,
    problem,
    mayAdd() {
      const full = images().length >= maxOwnImages
      setProblem(full ? 'too-many' : null)
      return !full && !adding()
    },
    async add(file) {
      setAdding(true)
      setProblem(null)
      // Rejects where the code for it cannot be had.
      const added = await own.add(file).catch(() => err('not-kept' as const))
      setAdding(false)
      if (!isShown) return null
      if (!added.ok) {
        setProblem(added.error)
        return null
      }
      const one = shown(added.value)
      setImages((before) => [...before, one])
      return one
    },
    async remove(id) {
      setProblem(null)
      try {
        await own.remove(id)
      } catch {
        setProblem('not-removed')
        return false
      }
      const gone = images().filter((one) => one.id === id)
      setImages((before) => before.filter((one) => one.id !== id))
      forget(gone)
      return true
    },
  }
}
