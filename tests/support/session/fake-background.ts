import { type BackgroundChoice, maxOwnImages, noBackground, writeBackgroundChoice } from '@alcove/shared/domain/background'
import { err, ok } from '@alcove/shared/domain/result'
import type { BackgroundSupport, ImageStore, KeptImage } from '../../../pwa/src/background-ports.ts'
import type { BackgroundControl, BackgroundState } from '../../../pwa/src/features/backgrounds/background-control.ts'

export type FakeBackground = BackgroundControl & {
  readonly calls: string[]
  update(change: Partial<BackgroundState>): void
}

/** The control as a puppet: it shows what it is told to, and what is chosen is there at once. */
export function createFakeBackground(support: BackgroundSupport = 'available'): FakeBackground {
  const calls: string[] = []
  const listeners = new Set<(state: BackgroundState) => void>()
  let state: BackgroundState = {
    chosen: noBackground,
    phase: { kind: 'off' },
    keepsUp: true,
    canCancel: true,
    isCameraOn: true,
    alreadyBlurred: false,
    endsWithSession: false,
  }
  function update(change: Partial<BackgroundState>): void {
    state = { ...state, ...change }
    for (const listener of [...listeners]) listener(state)
  }
  return {
    calls,
    update,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    support: () => support,
    choose(chosen: BackgroundChoice) {
      calls.push(chosen.kind === 'image' && chosen.id.length === 22 ? 'own image' : writeBackgroundChoice(chosen))
      update({ chosen, phase: { kind: chosen.kind === 'none' ? 'off' : 'on' }, keepsUp: true })
    },
    cancel: () => void calls.push('cancel'),
    reportLoad: () => undefined,
  }
}

/** Images of one's own, for as long as the page stands. */
export function createMemoryImages(): ImageStore & { readonly kept: KeptImage[] } {
  const kept: KeptImage[] = []
  return {
    kept,
    count: async () => kept.length,
    list: async () => kept.map(({ id, thumbnail }) => ({ id, thumbnail })),
    image: async (id) => kept.find((one) => one.id === id)?.image ?? null,
    async add(image) {
      if (kept.length >= maxOwnImages) return err('too-many')
      kept.push(image)
      return ok(null)
    },
    async remove(id) {
      kept.splice(0, kept.length, ...kept.filter((one) => one.id !== id))
    },
  }
}
