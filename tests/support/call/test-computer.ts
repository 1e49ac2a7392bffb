import type { LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
import type { Preferences, TabLock } from '../../../pwa/src/ports.ts'
import { fakeTrack } from '../fakes/fake-rtc.ts'

/** What a page finds on a computer: devices, its own visibility, locks between tabs, preferences. */

export function createTestMedia(owner: string) {
  const listeners = new Set<(state: LocalMediaState) => void>()
  let state: LocalMediaState = {
    camera: { kind: 'live', track: fakeTrack('video', `${owner} camera`), enabled: true },
    microphone: { kind: 'live', track: fakeTrack('audio', `${owner} microphone`), enabled: true },
    screen: null,
    devices: { cameras: [], microphones: [], speakers: null },
    chosenCamera: 'default',
    chosenMicrophone: 'default',
    chosenSpeaker: 'default',
    notice: null,
  }
  return {
    state: () => state,
    subscribe(listener: (state: LocalMediaState) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(change: Partial<LocalMediaState>) {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
    },
  }
}

export function createTestPage() {
  const hiddenListeners = new Set<(hidden: boolean) => void>()
  return {
    watchOnline: () => () => undefined,
    watchVisibility(listener: (hidden: boolean) => void) {
      hiddenListeners.add(listener)
      return () => void hiddenListeners.delete(listener)
    },
    setHidden(hidden: boolean) {
      for (const listener of hiddenListeners) listener(hidden)
    },
  }
}

export function createFakeTabLock(): TabLock {
  const held = new Set<string>()
  return {
    async acquire(name) {
      if (held.has(name)) return null
      held.add(name)
      return () => void held.delete(name)
    },
    isHeld: async (name) => held.has(name),
    summon: () => undefined,
    onSummoned: () => () => undefined,
  }
}

export function createFakePreferences(): Preferences {
  const values = new Map<string, string>()
  return { get: (name) => values.get(name) ?? null, set: (name, value) => void values.set(name, value) }
}
