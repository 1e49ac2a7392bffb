import type { ScreenAnswer, ScreenState, ScreenToBackground } from '@alcove/shared/protocol/extension-inside'

/** What the stub keeps in the page, for tests to read and to change. */
export type StubBackground = {
  state: ScreenState
  /** Instead of the state. `silence`: nobody answers; `noise`: something that is no answer. */
  answers: { [Type in ScreenToBackground['type']]?: ScreenAnswer | 'silence' | 'noise' }
  /** What the browser's own questions are answered with. */
  allows: boolean
  readonly heard: ScreenToBackground[]
  /** Permissions and sites that the browser was asked for. */
  readonly asked: unknown[]
  readonly opened: string[]
  /** The background says something unasked. */
  push(state: ScreenState): void
  /** The same words from somebody else. */
  forge(state: ScreenState, sender: { readonly id: string; readonly tab?: object }): void
}

/**
 * Runs in the page, before its script: a browser object as far as popup and options use one, so that the shipped pages run in
 * any browser and without an extension. Nothing from outside: it travels as text.
 */
export function stubBrowser(first: ScreenState): void {
  type Listener = (data: unknown, sender: object) => unknown
  const id = 'companion'
  const toBackground = 'alcove/to-background/1 '
  const toScreen = 'alcove/to-screen/1 '
  const listeners = new Set<Listener>()
  const tell = (state: ScreenState, sender: object) => {
    for (const listener of listeners) listener(toScreen + JSON.stringify({ type: 'state', state }), sender)
  }
  const background: StubBackground = {
    state: first,
    answers: {},
    allows: true,
    heard: [],
    asked: [],
    opened: [],
    push(state) {
      background.state = state
      tell(state, { id })
    },
    forge: tell,
  }
  async function sendMessage(text: string): Promise<string | undefined> {
    const message: ScreenToBackground = JSON.parse(text.slice(toBackground.length))
    background.heard.push(message)
    const answer = background.answers[message.type] ?? { type: 'state', state: background.state }
    if (answer === 'silence') return undefined
    return answer === 'noise' ? `${toScreen}{"type":"state"}` : toScreen + JSON.stringify(answer)
  }
  const runtime = {
    id,
    sendMessage,
    onMessage: {
      addListener: (listener: Listener) => void listeners.add(listener),
      removeListener: (listener: Listener) => void listeners.delete(listener),
    },
    openOptionsPage: async () => void background.opened.push('options'),
  }
  const permissions = {
    async request(wanted: unknown) {
      background.asked.push(wanted)
      return background.allows
    },
  }
  Object.assign(globalThis, { stub: background, browser: { runtime, permissions, offscreen: {} }, chrome: { runtime: { id } } })
}
