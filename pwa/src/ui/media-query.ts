import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Whether a media query holds, for as long as the component lives. */
export function matches(query: string): Accessor<boolean> {
  const list = window.matchMedia(query)
  const [holds, setHolds] = createSignal(list.matches)
  const listen = () => setHolds(list.matches)
  list.addEventListener('change', listen)
  onCleanup(() => list.removeEventListener('change', listen))
  return holds
}
