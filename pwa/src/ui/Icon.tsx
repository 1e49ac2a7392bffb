import type { JSX } from 'solid-js'
import { createRenderEffect } from 'solid-js'
import styles from './Icon.module.css'

/** Shapes on a 24 by 24 grid, as `icons.ts` gives them. */
export type IconShapes = readonly (readonly [tag: string, attributes: Readonly<Record<string, string | number | undefined>>])[]

export type IconProps = {
  readonly of: IconShapes
  readonly size?: 'small' | 'medium' | 'large'
}

/** Always decorative: the words stand beside it or in the button's label. */
export function Icon(props: IconProps): JSX.Element {
  function draw(svg: SVGSVGElement): void {
    createRenderEffect(() => svg.replaceChildren(...props.of.map(shape)))
  }
  return (
    <svg
      ref={draw}
      class={`${styles.icon} ${styles[props.size ?? 'medium']}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    />
  )
}

function shape([tag, attributes]: IconShapes[number]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}
