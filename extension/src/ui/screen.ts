import type { ScreenAnswer, ScreenState, ScreenToBackground } from '@alcove/shared/protocol/extension-inside'
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { ScreenPort } from './screen-port.ts'
import { speak } from './speech.ts'

/** `no-answer`: the background said nothing, or nothing that can be read. */
export type Trouble = 'no-answer' | Extract<ScreenAnswer, { type: 'failed' }>['reason']

export type Screen = {
  /** Null until the background has answered. */
  readonly state: Accessor<ScreenState | null>
  /** Of the last thing that was asked; null when it went well. */
  readonly trouble: Accessor<Trouble | null>
  /** What is under way. */
  readonly busy: Accessor<ScreenToBackground['type'] | null>
  /** Epoch ms, a few seconds old at most. */
  readonly now: Accessor<number>
  /** @returns whether it was done; the state on the screen is then the new one. */
  tell(message: ScreenToBackground): Promise<boolean>
  /** @returns the report's text, null when there is none. */
  report(): Promise<string | null>
}

const tickMs = 5000

/** What both screens have in common: the background's state, the language, and what is asked of the background. */
export function createScreen(port: ScreenPort): Screen {
  const [state, setState] = createSignal<ScreenState | null>(null)
  const [trouble, setTrouble] = createSignal<Trouble | null>(null)
  const [busy, setBusy] = createSignal<ScreenToBackground['type'] | null>(null)
  const [now, setNow] = createSignal(port.now())

  async function show(next: ScreenState): Promise<void> {
    await speak(next.language, port.languages)
    setNow(port.now())
    setState(next)
  }

  async function ask(message: ScreenToBackground): Promise<ScreenAnswer | null> {
    setBusy(message.type)
    const answer = await port.tell(message)
    if (answer?.type === 'state') await show(answer.state)
    setBusy(null)
    setTrouble(answer === null ? 'no-answer' : answer.type === 'failed' ? answer.reason : null)
    return answer
  }

  async function begin(): Promise<void> {
    // Words, too, when there is no state to say in which language.
    await Promise.all([speak('browser', port.languages), ask({ type: 'get-state' })])
  }

  onCleanup(port.watch((next) => void show(next)))
  onCleanup(port.every(tickMs, () => setNow(port.now())))
  void begin()

  return {
    state,
    trouble,
    busy,
    now,
    tell: async (message) => (await ask(message))?.type === 'state',
    async report() {
      const answer = await ask({ type: 'copy-report' })
      return answer?.type === 'support-report' ? answer.text : null
    },
  }
}
