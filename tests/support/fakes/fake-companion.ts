import type { ExtensionToPage } from '@alcove/shared/protocol/extension-messages'
import type { Companion, CompanionRequest, CompanionState, Told } from '../../../pwa/src/ports.ts'

export type FakeCompanion = Companion & {
  /** What the extension was told, in order. */
  readonly heard: readonly Told[]
  /** The extension's part. */
  says(message: ExtensionToPage): void
  /** The extension was removed. */
  leaves(): void
}

/** No extension, until it says something. */
export function createFakeCompanion(): FakeCompanion {
  const states = new Set<(state: CompanionState) => void>()
  const requests = new Set<(request: CompanionRequest) => void>()
  const told = new Map<Told['type'], Told>()
  const heard: Told[] = []
  let state: CompanionState = { kind: 'absent' }
  function set(next: CompanionState): void {
    state = next
    for (const listener of states) listener(state)
  }
  return {
    heard,
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
    send(message) {
      told.set(message.type, message)
      if (state.kind === 'present') heard.push(message)
    },
    says(message) {
      if (message.type === 'welcome') {
        const { canRing, notifies } = message
        const isQuiet = state.kind === 'present' && state.isQuiet
        set({ kind: 'present', canRing, notifies, isQuiet })
        heard.push(...told.values())
      } else if (message.type === 'quiet') {
        if (state.kind === 'present') set({ ...state, isQuiet: message.isQuiet })
      } else {
        for (const listener of requests) listener(message.type)
      }
    },
    leaves: () => set({ kind: 'absent' }),
  }
}
