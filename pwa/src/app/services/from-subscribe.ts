import { type Accessor, createComputed, createSignal, onCleanup } from 'solid-js'
import type { Stop } from '../../ports.ts'

/** What a port tells, as a signal; undefined before it has told anything. For as long as its owner lives. */
export function fromSubscribe<T>(subscribe: (listener: (value: T) => void) => Stop): Accessor<T | undefined> {
  const [value, setValue] = createSignal<T | undefined>()
  onCleanup(subscribe((next) => setValue(() => next)))
  return value
}

/** The same where what is listened to follows other signals; null listens to nothing. */
export function fromSubscribeTo<Source, T>(
  source: Accessor<Source | null>,
  subscribe: (source: Source, listener: (value: T) => void) => Stop,
): Accessor<T | undefined> {
  const [value, setValue] = createSignal<T | undefined>()
  createComputed(() => {
    const present = source()
    if (present === null) {
      setValue(undefined)
      return
    }
    let current = true
    const stop = subscribe(present, (next) => {
      if (current) setValue(() => next)
    })
    onCleanup(() => {
      current = false
      stop()
    })
  })
  return value
}
