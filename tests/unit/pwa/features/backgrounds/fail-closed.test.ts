import type { BackgroundChoice } from '@alcove/shared/domain/background'
import { ok } from '@alcove/shared/domain/result'
import { expect, it } from 'vitest'
import type { LocalMediaState } from '../../../../../pwa/src/features/device-check/local-media-state.ts'
import { createStudio, settle } from '../../../../support/media/background-studio.ts'
import { camera, type FakeTrack, webcam } from '../../../../support/media/fake-computer.ts'
import { fc } from '../../../../support/property.ts'

const choice = (kind: 'none' | 'blur' | 'light'): BackgroundChoice => ({ kind })
const image = (id: string): BackgroundChoice => ({ kind: 'image', id })

it('shows the camera itself to nobody while a background is in force, whatever happens in whatever order', async () => {
  const events = fc.constantFrom(
    'open',
    'close',
    'toggle',
    'switch',
    'restore',
    'unplug',
    'plug',
    'interrupt',
    'blur',
    'light',
    'image',
    'missing',
    'none',
    'cancel',
    'fetched',
    'not fetched',
    'started',
    'processing',
    'replaced',
    'broken',
    'basic',
    'premium',
    'system blurs',
    'system stops',
    'offline',
    'online',
    'wait',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(events, { maxLength: 40, size: 'max' }),
      fc.constantFrom(null, 'blur', 'image:forest'),
      async (script, remembered) => {
        const now = createStudio({ remembered })
        const isBlurred = new Set<FakeTrack>()
        const had = new Set<FakeTrack>()
        const mayBeRaw = (track: FakeTrack) => {
          const { chosen } = now.control.state()
          return chosen.kind === 'none' || (chosen.kind === 'blur' && isBlurred.has(track))
        }
        const judge = (state: LocalMediaState) => {
          const track = now.shown(state)
          if (track && now.raw().includes(track)) {
            expect(mayBeRaw(track)).toBe(true)
            had.add(track)
          }
          // What others had of the camera before the choice, and have not let go of yet.
          const { kind } = now.phase()
          if (track && had.has(now.camera()) && kind === 'loading') expect(now.camera().enabled).toBe(false)
          if (track && had.has(now.camera()) && kind === 'on') expect(now.camera().enabled).toBe(true)
        }
        /** In the tick of the choice. */
        const choose = (next: BackgroundChoice) => {
          const before = now.shown()
          now.control.choose(next)
          const after = now.shown()
          if (after && now.raw().includes(after)) expect(after.enabled).toBe(true)
          else if (before && now.raw().includes(before)) expect(before.enabled).toBe(false)
        }
        now.media.subscribe(judge)
        const actions: Readonly<Record<string, () => unknown>> = {
          open: () => void now.media.open(),
          close: () => now.media.close(),
          toggle: () => void now.media.toggleCamera(),
          switch: () => void now.media.chooseCamera(now.media.state().chosenCamera === 'webcam' ? 'cam' : 'webcam'),
          restore: () => void now.media.restore('camera'),
          unplug: () => now.camera()?.end(),
          plug: () => now.computer.plug({ cameras: [camera, webcam] }),
          interrupt: () => now.camera()?.interrupt(!now.camera().muted),
          blur: () => choose(choice('blur')),
          light: () => choose(choice('light')),
          image: () => choose(image('forest')),
          missing: () => choose(image('gone')),
          none: () => choose(choice('none')),
          cancel: () => now.control.cancel(),
          fetched: () => now.fake.fetches[0]?.end(ok(null)),
          'not fetched': () => now.fake.fetches[0]?.end({ ok: false, error: 'not-fetched' }),
          started: () => now.fake.startNext(),
          processing: () => now.fake.last()?.emit({ kind: 'processing' }),
          replaced: () => now.fake.last()?.closed === false && now.fake.last()?.replace(),
          broken: () => now.fake.last()?.emit({ kind: 'failed', problem: 'not-started' }),
          basic: () => now.changeTier('basic'),
          premium: () => now.changeTier('premium'),
          'system blurs': () => {
            if (!now.camera()) return
            isBlurred.add(now.camera())
            now.systemBlurs(now.camera(), true)
          },
          'system stops': () => {
            if (!now.camera()) return
            isBlurred.delete(now.camera())
            now.systemBlurs(now.camera(), false)
          },
          offline: () => now.goOffline(true),
          online: () => now.goOffline(false),
          wait: () => settle(),
        }
        for (const event of script) {
          await actions[event]?.()
          judge(now.media.state())
        }
        await settle()
        judge(now.media.state())
        now.media.close()
        now.fake.hurry()
        while (now.fake.startNext());
        for (const fetch of [...now.fake.fetches]) fetch.end(ok(null))
        await settle()
        now.hand.runOnce()
        const live = [...now.raw(), ...now.fake.made, ...now.blanks].filter((track) => track.readyState === 'live')
        expect(live).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})
