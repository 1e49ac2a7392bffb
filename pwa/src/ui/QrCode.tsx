import type { JSX } from 'solid-js'
import { createMemo } from 'solid-js'
import styles from './QrCode.module.css'
import { drawQrCode } from './qr-code.ts'

export type QrCodeProps = {
  readonly text: string
  /** What it is; what it says should stand beside it as text, too. */
  readonly label: string
}

/** Dark on light in both colour schemes, as cameras expect it. */
export function QrCode(props: QrCodeProps): JSX.Element {
  const drawing = createMemo(() => drawQrCode(props.text))
  return (
    <svg
      class={styles.code}
      viewBox={`0 0 ${drawing().size} ${drawing().size}`}
      role="img"
      aria-label={props.label}
      shape-rendering="crispEdges"
    >
      <path d={drawing().path} />
    </svg>
  )
}
