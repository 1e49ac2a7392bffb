/** The patient's page's composition root. It stays small: what the session needs is fetched while the person waits. */
import type { ParsedLink } from '@alcove/shared/crypto/link'
import { parseLink } from '@alcove/shared/crypto/link'
import { err, type Result } from '@alcove/shared/domain/result'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import type { JSX } from 'solid-js'
import { render } from 'solid-js/web'
import { createGuestKeys } from './adapters/guest-key/guest-keys.ts'
import { createLaterSound } from './adapters/media/later-sound.ts'
import { createMedia } from './adapters/media/media.ts'
import { createClock } from './adapters/platform/clock.ts'
import { createPage } from './adapters/platform/page.ts'
import { createPreferences } from './adapters/platform/preferences.ts'
import { createTabLock } from './adapters/platform/tab-lock.ts'
import { createTabMemory } from './adapters/platform/tab-memory.ts'
import { createGuestSignaling, openBrowserSocket, sessionUrl } from './adapters/signaling/create-signaling.ts'
import { devicesWords, joinWords, stoppedWords } from './words/areas.ts'
import { use } from './words/i18n.ts'
import { detectBrowser, stepsKey } from './features/device-check/browser.ts'
import { createLocalMedia } from './features/device-check/local-media.ts'
import { roomLockName } from './features/session/room-deps.ts'
import { beginLanguage, changeLanguage } from './features/visit/page-language.ts'
import { createRememberedName } from './features/visit/remembered-name.ts'
import { readVisit } from './features/visit/remembered-visit.ts'
import { VisitPage } from './features/visit/VisitPage.tsx'
import type { VisitPageDeps } from './features/visit/visit-page-deps.ts'
import { createVisit } from './features/visit/visit.ts'
import type { VisitObstacle } from './features/visit/visit-state.ts'
import { createVisitSurroundings } from './features/visit/visit-surroundings.ts'
import { mountAnnouncer } from './ui/announce.ts'
import './ui/tokens.css'
import './join.css'

const clock = createClock()
const page = createPage()
const preferences = createPreferences()
const memory = createTabMemory('alcove.visit')
const browser = detectBrowser(navigator)
const steps = stepsKey(browser)
const reload = () => location.reload()
const loadCare = async () => (await import('./features/device-check/media-care.ts')).createMediaCare

/** The link in the address, else the one this tab's visit began with. */
function fragmentOfVisit(): string {
  return location.hash.slice(1) || (readVisit(memory)?.fragment ?? '')
}

function unusable(): VisitObstacle | null {
  if (!isSecureContext) return 'insecure-page'
  if (typeof RTCPeerConnection === 'undefined' || !crypto.subtle) return 'unsupported-browser'
  return null
}

async function readLink(fragment: string): Promise<Result<ParsedLink, VisitObstacle>> {
  // Without a secure context there is no SHA-256, so what the link says cannot be checked.
  return crypto.subtle ? parseLink(fragment) : err(fragment ? 'insecure-page' : 'no-link')
}

async function start(): Promise<void> {
  const place = document.getElementById('page')
  if (!place) throw new Error('There is no place for the page')
  // Another link in the same tab changes only what follows the #.
  addEventListener('hashchange', reload)
  const fragment = fragmentOfVisit()
  const [link] = await Promise.all([readLink(fragment), beginLanguage(preferences, navigator.languages, [devicesWords, joinWords])])
  const obstacle = unusable()
  if (!link.ok) await stopAt(place, link.error === 'no-link' ? link.error : (obstacle ?? link.error), null)
  else if (obstacle) await stopAt(place, obstacle, link.value.card)
  else await begin(place, link.value, fragment)
}

async function stopAt(place: Element, obstacle: VisitObstacle, card: LinkCard | null): Promise<void> {
  const [{ ObstaclePage }] = await Promise.all([import('./features/visit/ObstaclePage.tsx'), use(stoppedWords)])
  page.setTitle(joinWords().pageTitle)
  draw(place, () => (
    <ObstaclePage
      obstacle={obstacle}
      card={card}
      linkText={location.href}
      inApp={browser.inApp}
      now={clock.now()}
      onLanguage={() => void changeLanguage(preferences)}
      page={page}
      onReload={reload}
    />
  ))
}

/** In the place of the words for old browsers. */
function draw(place: Element, view: () => JSX.Element): void {
  place.replaceChildren()
  mountAnnouncer()
  render(view, place)
}

async function begin(place: Element, link: ParsedLink, fragment: string): Promise<void> {
  const sound = createLaterSound(async () => (await import('./adapters/media/sound.ts')).createSound())
  const media = createLocalMedia({ media: createMedia(), sound, preferences, clock, oneCapture: browser.system === 'ios', loadCare })
  const rememberedName = createRememberedName(preferences, link.secret)
  const firstName = readVisit(memory)?.name || (await rememberedName.read())
  const { origin } = location
  const visit = createVisit(
    {
      clock,
      page,
      memory,
      localMedia: media,
      guestKeys: createGuestKeys(clock),
      signaling: createGuestSignaling({ clock, origin, url: sessionUrl(location), random: Math.random, openSocket: openBrowserSocket }),
      async loadPeerLinks() {
        // With them, what a session needs when a device fails: the server may be away by then.
        const [{ createPeerLinks }] = await Promise.all([
          import('./adapters/rtc/peer-links.ts'),
          loadCare(),
          import('./adapters/media/media-errors.ts'),
        ])
        return createPeerLinks(clock)
      },
    },
    link,
    fragment,
  )
  createVisitSurroundings({
    visit,
    media,
    sound,
    page,
    title: (kind) => (kind === 'waiting' ? joinWords().waiting.title : joinWords().pageTitle),
  })
  const deps: VisitPageDeps = {
    visit,
    media,
    sound,
    page,
    clock,
    preferences,
    steps,
    async openCheck() {
      const { beginVisitCheck } = await import('./check/visit-check.ts')
      return () => beginVisitCheck({ media, sound, clock, page, browser })
    },
    canShareScreen: 'getDisplayMedia' in navigator.mediaDevices,
    firstName,
    rememberedName,
    hideLink: () => history.replaceState(null, '', location.pathname),
    helpStep: {
      enter: () => history.pushState(null, ''),
      leave: () => history.back(),
      watch(onUndone) {
        addEventListener('popstate', onUndone)
        return () => removeEventListener('popstate', onUndone)
      },
    },
    reload,
    sessionBeside: () => createTabLock().isHeld(roomLockName),
  }
  draw(place, () => <VisitPage deps={deps} />)
}

void start()
