import { createRenderEffect } from 'solid-js'

/**
 * Hands a component's other props to its element: attributes that follow their values, listeners (`onClick`), `ref`. In
 * place of JSX spread, whose many cases (namespaces, properties, styles) weigh more than the rest of a small page.
 */
export function passOn(element: Element, props: object, own: readonly string[]): void {
  const values = props as Readonly<Record<string, unknown>>
  for (const name of Object.keys(values)) {
    if (own.includes(name)) continue
    if (name === 'ref') call(values[name], element)
    else if (/^on[A-Z]/.test(name)) element.addEventListener(name.slice(2).toLowerCase(), (event) => call(values[name], event))
    else createRenderEffect(() => setAttribute(element, name.toLowerCase(), values[name]))
  }
}

function call(listener: unknown, argument: unknown): void {
  if (typeof listener === 'function') listener(argument)
}

/** `disabled` and its like are there or not; `aria-pressed="false"` says something. */
function setAttribute(element: Element, name: string, value: unknown): void {
  if (value === undefined || value === null) element.removeAttribute(name)
  else if (typeof value === 'boolean' && !name.startsWith('aria-')) element.toggleAttribute(name, value)
  else element.setAttribute(name, String(value))
}
