/** A `ref`: what stood here before had the focus, and is gone. */
export function focusSoon(element: HTMLElement): void {
  queueMicrotask(() => element.focus())
}
