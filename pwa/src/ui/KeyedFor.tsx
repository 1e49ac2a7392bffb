import { type Accessor, createMemo, For, type JSX } from 'solid-js'

/**
 * Like `For`, but an item keeps its elements while its key stays, although every new state brings new objects: a video
 * must not be torn down because somebody muted.
 */
export function KeyedFor<Item, Key extends string>(props: {
  readonly each: readonly Item[]
  readonly by: (item: Item) => Key
  readonly children: (item: Accessor<Item>) => JSX.Element
}) {
  const keys = createMemo(() => props.each.map(props.by))
  return (
    <For each={keys()}>
      {(key) => {
        const found = () => props.each.find((item) => props.by(item) === key)
        const first = found()
        if (first === undefined) return null
        // The last state stands for the moment between an item's going and its elements'.
        return props.children(createMemo((last: Item) => found() ?? last, first))
      }}
    </For>
  )
}
