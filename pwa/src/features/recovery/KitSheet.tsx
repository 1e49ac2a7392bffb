import type { JSX } from 'solid-js'
import { createResource, createUniqueId, For, onCleanup, onMount, Show } from 'solid-js'
import { Portal } from 'solid-js/web'
import { formatKitLink } from '@alcove/shared/crypto/recovery-kit'
import { recoveryWords } from '../../words/areas.ts'
import { formatLongDate } from '../../words/formats.ts'
import { QrCode } from '../../ui/QrCode.tsx'
import styles from './KitSheet.module.css'

type Bytes = Uint8Array<ArrayBuffer>

export type KitSheetProps = {
  readonly secret: Bytes
  readonly words: readonly string[]
  readonly practice: string
  readonly member: string
  readonly madeAt: number
  readonly origin: string
}

/** While it is there, printing prints this page and nothing else. */
const printingClass = 'prints-one-sheet'

/** The page that is kept: on the screen, and once more, alone, on paper. */
export function KitSheet(props: KitSheetProps): JSX.Element {
  const [link] = createResource(() => formatKitLink(props.origin, props.secret))
  onMount(() => document.documentElement.classList.add(printingClass))
  onCleanup(() => document.documentElement.classList.remove(printingClass))
  return (
    <Show when={link()}>
      {(url) => (
        <>
          <Sheet {...props} link={url()} />
          <Portal ref={(holder) => holder.classList.add(styles.paper ?? '', 'the-sheet')}>
            <Sheet {...props} link={url()} />
          </Portal>
        </>
      )}
    </Show>
  )
}

function Sheet(props: KitSheetProps & { readonly link: string }): JSX.Element {
  const words = () => recoveryWords().sheet
  const id = createUniqueId()
  const address = () => props.origin.replace(/^https:\/\//, '')
  return (
    <article class={styles.sheet} aria-labelledby={id}>
      <header class={styles.head}>
        <h2 id={id}>
          {words().title} <span>{words().of(props.practice)}</span>
        </h2>
        <p>{words().for(props.member, formatLongDate(props.madeAt))}</p>
      </header>
      <p>{words().purpose}</p>
      <p class={styles.secret}>{words().secret}</p>
      <div class={styles.keys}>
        <div class={styles.words}>
          <h3>{words().words}</h3>
          <ol>
            <For each={props.words}>{(word) => <li>{word}</li>}</For>
          </ol>
        </div>
        <div class={styles.code}>
          <h3>{words().scan}</h3>
          <QrCode text={props.link} label={words().qr} />
        </div>
      </div>
      <h3>{words().steps}</h3>
      <ol class={styles.steps}>
        <li>{words().step1(address())}</li>
        <li>{words().step2}</li>
        <li>{words().step3}</li>
        <li>{words().step4}</li>
      </ol>
      <p class={styles.lost}>{words().lost}</p>
    </article>
  )
}
