import { type Accessor, createSignal } from 'solid-js'

export type Later<Part> = {
  /** Null until it is there. */
  readonly part: Accessor<Part | null>
  /** Begins to fetch it; again after a failure. */
  load(): void
}

/** A part of the page that is fetched when somebody is about to need it. */
export function later<Part extends object>(fetchPart: () => Promise<Part>): Later<Part> {
  const [part, setPart] = createSignal<Part | null>(null)
  let loading = false
  return {
    part,
    load() {
      if (loading || part()) return
      loading = true
      fetchPart()
        .then((loaded) => setPart(() => loaded))
        .catch(() => undefined)
        .finally(() => {
          loading = false
        })
    },
  }
}
