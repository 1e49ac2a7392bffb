import { decodeFromExtension, type ExtensionToPage, type PageToExtension, pageSays } from '@alcove/shared/protocol/extension-messages'
import type { Clock, Companion, CompanionRequest, CompanionState, Stop, Told } from '../../ports.ts'

/** While people wait, this often it is made sure that the extension is still there. */
const askMs = 20_000
/** A worker that was asleep starts in far less. */
const answerMs = 10_000

export type CompanionDeps = {
  /** This page's own window: the extension's content script hears and speaks in it. */
  readonly window: Pick<Window, 'addEventListener' | 'removeEventListener' | 'postMessage'> & {
    readonly location: Pick<Location, 'origin'>
  }
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>
  readonly clock: Pick<Clock, 'after' | 'every'>
}

const absent: CompanionState = { kind: 'absent' }

/**
 * The extension through its content script, by `window.postMessage` to this very window and origin. What another window,
 * another origin or a frame says is not read. Whoever can speak here as the extension (a script of the page itself, an
 * extension with access to the site) could do anything else to this page, too; all it gains is silence while it lasts.
 */
export function createCompanion({ window: own, document: page, clock }: CompanionDeps): Companion & { close(): void } {
  const states = new Set<(state: CompanionState) => void>()
  const requests = new Set<(request: CompanionRequest) => void>()
  const told = new Map<Told['type'], Told>()
  let state = absent
  let stopWaiting: Stop | null = null
  /** Of ours, those that are answered by `welcome` and were not yet. */
  let unanswered = 0

  function post(message: PageToExtension): void {
    if (message.type === 'hello' || message.type === 'waiting') unanswered += 1
    own.postMessage(pageSays(message), own.location.origin)
  }

  function set(next: CompanionState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return
    state = next
    for (const listener of states) listener(state)
  }

  /** An extension that was removed, or reloaded, says nothing of it: only its silence tells. */
  function expectAnswer(): void {
    stopWaiting ??= clock.after(answerMs, () => {
      stopWaiting = null
      unanswered = 0
      set(absent)
    })
  }

  function hear(event: MessageEvent): void {
    if (event.source !== own || event.origin !== own.location.origin) return
    const message = decodeFromExtension(event.data)
    if (!message.ok) return
    stopWaiting?.()
    stopWaiting = null
    act(message.value)
  }

  function act(message: ExtensionToPage): void {
    if (message.type === 'welcome') {
      const { canRing, notifies } = message
      // Unasked: another one, that knows nothing yet (installed, updated, or just allowed to see this site).
      const isNew = state.kind === 'absent' || unanswered === 0
      unanswered = isNew ? 0 : unanswered - 1
      set({ kind: 'present', canRing, notifies, isQuiet: state.kind === 'present' && state.isQuiet })
      if (isNew) for (const one of [...told.values()]) send(one)
    } else if (message.type === 'quiet') {
      if (state.kind === 'present') set({ ...state, isQuiet: message.isQuiet })
    } else {
      for (const listener of requests) listener(message.type)
    }
  }

  function send(message: Told): void {
    told.set(message.type, message)
    if (state.kind === 'absent') return
    post(message)
    if (message.type === 'waiting') expectAnswer()
  }

  const peopleWait = () => {
    const waiting = told.get('waiting')
    return waiting?.type === 'waiting' && waiting.people > 0 ? waiting : null
  }
  const stopAsking = clock.every(askMs, () => {
    const waiting = peopleWait()
    if (!waiting) return
    if (state.kind === 'absent') post({ type: 'hello' })
    else send(waiting)
  })
  /** It may have been installed, or allowed to see this site, since. */
  function look(): void {
    if (state.kind === 'absent' && page.visibilityState === 'visible') post({ type: 'hello' })
  }
  own.addEventListener('message', hear)
  page.addEventListener('visibilitychange', look)
  post({ type: 'hello' })

  return {
    state: () => state,
    subscribe(listener) {
      states.add(listener)
      listener(state)
      return () => void states.delete(listener)
    },
    listen(listener) {
      requests.add(listener)
      return () => void requests.delete(listener)
    },
    send,
    close() {
      own.removeEventListener('message', hear)
      page.removeEventListener('visibilitychange', look)
      stopAsking()
      stopWaiting?.()
    },
  }
}
