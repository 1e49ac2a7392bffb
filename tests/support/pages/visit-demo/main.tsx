/** The patient's page with a puppet for the visit and the real devices of this browser; `window.demo` moves it. */
import { render } from 'solid-js/web'
import { createMedia } from '../../../../pwa/src/adapters/media/media.ts'
import { createSound } from '../../../../pwa/src/adapters/media/sound.ts'
import { createClock } from '../../../../pwa/src/adapters/platform/clock.ts'
import { createPage } from '../../../../pwa/src/adapters/platform/page.ts'
import { createPreferences } from '../../../../pwa/src/adapters/platform/preferences.ts'
import { createTabLock } from '../../../../pwa/src/adapters/platform/tab-lock.ts'
import { devicesWords, joinWords } from '../../../../pwa/src/words/areas.ts'
import { beginVisitCheck } from '../../../../pwa/src/check/visit-check.ts'
import { detectBrowser, stepsKey } from '../../../../pwa/src/features/device-check/browser.ts'
import { createMediaCare } from '../../../../pwa/src/features/device-check/media-care.ts'
import { createLocalMedia } from '../../../../pwa/src/features/device-check/local-media.ts'
import { beginLanguage } from '../../../../pwa/src/features/visit/page-language.ts'
import { VisitPage } from '../../../../pwa/src/features/visit/VisitPage.tsx'
import type { Visit, VisitState } from '../../../../pwa/src/features/visit/visit-state.ts'
import { createVisitSurroundings } from '../../../../pwa/src/features/visit/visit-surroundings.ts'
import { mountAnnouncer } from '../../../../pwa/src/ui/announce.ts'
import '../../../../pwa/src/ui/tokens.css'

const minuteMs = 60_000
const query = new URLSearchParams(location.search)
const clock = createClock()
const preferences = createPreferences()
const page = createPage()
const sound = createSound()
const calls: string[] = []
const listeners = new Set<(state: VisitState) => void>()

let state: VisitState = {
  card: {
    clinician: 'Dr. Ana Rivera',
    practice: 'Willow Practice',
    phone: query.has('no-phone') ? '' : '555 0100',
    email: 'desk@willow.example',
    startMinutes: null,
  },
  startAt: query.has('standing') ? null : Date.now() + Number(query.get('in') ?? '5') * minuteMs,
  signaling: { kind: 'connecting' },
  clockOffsetMs: 0,
  phase: { kind: query.has('quiet') ? 'left' : 'welcome' },
}

function update(change: Partial<VisitState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener(state)
}

const visit: Visit = {
  state: () => state,
  subscribe(listener) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  join(name) {
    calls.push(`join ${name}`)
    update({ phase: { kind: 'waiting', sinceAt: Date.now(), heard: false, moment: false } })
  },
  leave: () => calls.push('leave'),
  restart: () => calls.push('restart'),
  setName: (name) => calls.push(`name ${name}`),
  reconnectNow: () => calls.push('reconnect'),
  close: () => calls.push('close'),
}

const media = createLocalMedia({
  media: createMedia(),
  sound,
  preferences,
  clock,
  oneCapture: false,
  loadCare: async () => createMediaCare,
})
const demo = { calls, update, minuteMs, media, sound, tabs: createTabLock() }
export type Demo = typeof demo
Object.assign(window, { demo })

await beginLanguage(preferences, navigator.languages, [devicesWords, joinWords])
mountAnnouncer()
createVisitSurroundings({ visit, media, sound, page, title: () => 'Alcove' })
const root = document.createElement('div')
document.body.prepend(root)
render(
  () => (
    <VisitPage
      deps={{
        visit,
        media,
        sound,
        page,
        clock,
        preferences,
        steps: stepsKey(detectBrowser(navigator)),
        openCheck: async () => () => beginVisitCheck({ media, sound, clock, page, browser: detectBrowser(navigator) }),
        canShareScreen: true,
        firstName: query.get('name') ?? '',
        rememberedName: { read: async () => '', write: async (name) => void calls.push(`remember ${name}`) },
        hideLink: () => calls.push('hide'),
        helpStep: { enter: () => calls.push('help'), leave: () => calls.push('back'), watch: () => () => undefined },
        reload: () => calls.push('reload'),
        sessionBeside: async () => query.has('beside'),
      }}
    />
  ),
  root,
)

// Told by a request: a test that looked at the page would count as a click and let sound out.
if (query.has('quiet')) void sound.canRing().then((heard) => fetch(`/heard-${heard}`))
