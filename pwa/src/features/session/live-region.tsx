import { createContext, createSignal, type JSX, useContext } from 'solid-js'
import styles from './live-region.module.css'

type Announce = (text: string) => void
const AnnounceContext = createContext<Announce>()

/** Makes the same words twice in a row a change that a screen reader notices. */
const invisibleMark = '\u200b'

/** One polite live region for everything under it; `useAnnounce` speaks through it. */
export function LiveRegion(props: { readonly children: JSX.Element }) {
  const [text, setText] = createSignal('')
  const announce: Announce = (next) => setText((last) => (last === next ? `${next}${invisibleMark}` : next))
  return (
    <AnnounceContext.Provider value={announce}>
      {props.children}
      <p class={styles.region} role="status">
        {text()}
      </p>
    </AnnounceContext.Provider>
  )
}

export function useAnnounce(): Announce {
  const announce = useContext(AnnounceContext)
  if (!announce) throw new Error('LiveRegion is missing')
  return announce
}
