import type { JSX } from 'solid-js'
export function SessionRoute(): JSX.Element {
  return null
}
