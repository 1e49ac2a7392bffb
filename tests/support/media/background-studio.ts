import { createCameraWithBackground } from '../../../pwa/src/features/backgrounds/camera-with-background.ts'
import { ok } from '@alcove/shared/domain/result'
import type { BackgroundSupport } from '../../../pwa/src/background-ports.ts'
import { createLocalMedia } from '../../../pwa/src/features/device-check/local-media.ts'
import type { LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
import { createMediaCare } from '../../../pwa/src/features/device-check/media-care.ts'
import type { PracticeState } from '../../../pwa/src/ports.ts'
import { createFakeBackgrounds } from './fake-backgrounds.ts'
import { createComputer, createHandClock, createMemory, FakeTrack } from './fake-computer.ts'

/** Lets everything happen that waits for nothing but its turn. */
export const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

type Tier = 'off' | 'basic' | 'premium'

/** A computer with a camera, and everything around it in the test's hands. */
export function createStudio({ tier = 'premium' as Tier | null, remembered = null as string | null } = {}) {
  const computer = createComputer()
  const hand = createHandClock()
  const memory = createMemory()
  const fake = createFakeBackgrounds()
  const blanks: FakeTrack[] = []
  const systemBlurs = new Set<unknown>()
  const images = new Map<string, Blob>([['forest', new Blob(['forest'])]])
  let support: BackgroundSupport = 'available'
  let loads = 0
  let isOffline = false
  let networkChanged: (online: boolean) => void = () => undefined
  let practiceChanged: (state: PracticeState | null) => void = () => undefined
  const practiceOf = (telehealth: Tier) => ({ practice: { telehealth } }) as PracticeState
  if (remembered !== null) memory.set('background', remembered)

  const inner = createLocalMedia({
    media: computer.media,
    sound: { useSpeaker: async () => true },
    preferences: memory,
    clock: hand.clock,
    oneCapture: false,
    loadCare: async () => createMediaCare,
  })
  const media = createCameraWithBackground(inner, {
    async load() {
      loads += 1
      if (isOffline) throw new Error('No network')
      return fake.backgrounds
    },
    support: () => support,
    imageOf: async (id) => images.get(id) ?? null,
    practice: {
      watch(listener) {
        practiceChanged = listener
        listener(tier && practiceOf(tier))
        return () => undefined
      },
    },
    preferences: memory,
    page: {
      watchOnline(listener) {
        networkChanged = listener
        return () => undefined
      },
    },
    alreadyBlurred: (track) => systemBlurs.has(track),
    blank() {
      const track = new FakeTrack('video', 'black', `black-${blanks.length}`)
      blanks.push(track)
      return { track: track as unknown as MediaStreamTrack, stop: () => track.stop() }
    },
  })
  const raw = () => computer.tracks.filter((track) => track.kind === 'video')
  return {
    computer,
    hand,
    memory,
    fake,
    blanks,
    images,
    media,
    control: media.background,
    raw,
    camera: () => raw().at(-1) as FakeTrack,
    shown(state: LocalMediaState = media.state()): FakeTrack | null {
      return state.camera.kind === 'live' ? (state.camera.track as unknown as FakeTrack) : null
    },
    phase: () => media.background.state().phase,
    systemBlurs(track: FakeTrack, blurs: boolean, saysSo = true) {
      if (blurs) systemBlurs.add(track)
      else systemBlurs.delete(track)
      if (saysSo) track.dispatchEvent(new Event('configurationchange'))
    },
    changeTier: (next: Tier) => practiceChanged(practiceOf(next)),
    loads: () => loads,
    goOffline(offline: boolean) {
      isOffline = offline
      networkChanged(!offline)
    },
    support(next: BackgroundSupport) {
      support = next
    },
    /** Until the first processed frame. */
    async throughStart() {
      await settle()
      fake.fetches[0]?.end(ok(null))
      await settle()
      fake.startNext()
      await settle()
      fake.last()?.emit({ kind: 'processing' })
    },
  }
}
