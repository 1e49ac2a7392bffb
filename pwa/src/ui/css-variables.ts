import { createRenderEffect } from 'solid-js'

/**
 * Gives an element CSS variables from data, for what a stylesheet cannot know (a place on the time grid, a level).
 * Set through the CSSOM: the content security policy forbids style attributes.
 *
 * `<div ref={cssVariables(() => ({ '--top': `${top()}rem` }))} />`
 */
export function cssVariables(values: () => Readonly<Record<`--${string}`, string>>): (element: HTMLElement | SVGElement) => void {
  return (element) => {
    createRenderEffect(() => {
      for (const [name, value] of Object.entries(values())) element.style.setProperty(name, value)
    })
  }
}
