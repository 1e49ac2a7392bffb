import type { JSX } from 'solid-js'
import { createRenderEffect } from 'solid-js'
import styles from './Progress.module.css'

export type ProgressProps = {
  /** 0..1; null while it cannot be known. */
  readonly value: number | null
  readonly label: string
}

export function Progress(props: ProgressProps): JSX.Element {
  function draw(element: HTMLProgressElement): void {
    createRenderEffect(() => {
      // As an attribute: the property takes no nothing.
      if (props.value === null) element.removeAttribute('value')
      else element.setAttribute('value', String(props.value))
    })
  }
  return <progress ref={draw} class={styles.progress} aria-label={props.label} max={1} />
}
