import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { Size } from './preview-position.ts'

const nothing: Size = { width: 0, height: 0 }

/** The border box of an element in CSS px, followed as it changes. Give `observe` as its `ref`. */
export function createElementSize(): { readonly size: Accessor<Size>; readonly observe: (element: Element) => void } {
  const [size, setSize] = createSignal<Size>(nothing, {
    equals: (a, b) => a.width === b.width && a.height === b.height,
  })
  const observer = new ResizeObserver(([entry]) => {
    const box = entry?.borderBoxSize[0]
    if (box) setSize({ width: box.inlineSize, height: box.blockSize })
  })
  onCleanup(() => observer.disconnect())
  return { size, observe: (element) => observer.observe(element) }
}
