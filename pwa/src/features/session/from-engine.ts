import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { Stop } from '../../ports.ts'

/** The present state of an engine as a signal, for as long as the component lives. */
export function fromEngine<State>(engine: { state(): State; subscribe(listener: (state: State) => void): Stop }): Accessor<State> {
  const [state, setState] = createSignal(engine.state())
  onCleanup(engine.subscribe((next) => setState(() => next)))
  // Whatever changed between reading and listening.
  setState(() => engine.state())
  return state
}
