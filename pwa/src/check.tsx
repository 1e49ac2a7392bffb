/** The composition root of `/check`: the device check alone, for whoever wants to know before the session, and for the extension. */
import { checkLines } from '@alcove/shared/domain/device-check'
import { reportOf } from '@alcove/shared/protocol/check-report'
import { createSignal } from 'solid-js'
import { render } from 'solid-js/web'
import { createMedia } from './adapters/media/media.ts'
import { createSound } from './adapters/media/sound.ts'
import { createServerProbe } from './adapters/network/server-probe.ts'
import { createClock } from './adapters/platform/clock.ts'
import { createCompanion } from './adapters/platform/companion.ts'
import { createNotifications } from './adapters/platform/notifications.ts'
import { createPage } from './adapters/platform/page.ts'
import { createPreferences } from './adapters/platform/preferences.ts'
import { surroundings } from './check/surroundings.ts'
import { detectBrowser } from './features/device-check/browser.ts'
import { CheckPage } from './features/device-check/CheckPage.tsx'
import { createCheckEngine } from './features/device-check/check-engine.ts'
import { createLocalMedia } from './features/device-check/local-media.ts'
import { createMediaCare } from './features/device-check/media-care.ts'
import { beginLanguage, changeLanguage } from './features/visit/page-language.ts'
import { mountAnnouncer } from './ui/announce.ts'
import { checkWords, devicesWords } from './words/areas.ts'
import './ui/tokens.css'
import './join.css'

const clock = createClock()
const page = createPage()
const preferences = createPreferences()
const browser = detectBrowser(navigator)

async function relay() {
  const [{ lentServers }, { createRelayProbe }] = await Promise.all([
    import('./check/lent-servers.ts'),
    import('./adapters/rtc/relay-probe.ts'),
  ])
  const servers = await lentServers(clock, preferences)
  return servers ? createRelayProbe().measure(servers) : 'not-allowed'
}

async function start(): Promise<void> {
  const place = document.getElementById('page')
  if (!place) throw new Error('There is no place for the page')
  await beginLanguage(preferences, navigator.languages, [devicesWords, checkWords])
  const sound = createSound()
  const media = createLocalMedia({
    media: createMedia(),
    sound,
    preferences,
    clock,
    oneCapture: browser.system === 'ios',
    loadCare: async () => createMediaCare,
  })
  const engine = createCheckEngine({
    media,
    sound,
    clock,
    page,
    browser,
    address: () => location.href,
    surroundings: surroundings(),
    server: createServerProbe(),
    notifications: createNotifications(),
    relay,
  })

  const companion = createCompanion({ window, document, clock })
  const report = () => companion.send({ type: 'check', report: reportOf(engine.state(), clock.now()) })
  engine.subscribe(report)
  report()
  companion.listen((request) => {
    if (request === 'check-again') void engine.again()
  })

  const lineInAddress = () => checkLines.find((line) => line === location.hash.slice(1)) ?? null
  const [open, setOpen] = createSignal(lineInAddress())
  // The extension leads to another line of a check that stands here already.
  window.addEventListener('hashchange', () => setOpen(lineInAddress()))

  page.setTitle(checkWords().pageTitle)
  place.replaceChildren()
  mountAnnouncer()
  render(
    () => (
      <CheckPage
        engine={engine}
        media={media}
        browser={browser}
        open={open()}
        onLanguage={() => void changeLanguage(preferences).then(() => page.setTitle(checkWords().pageTitle))}
      />
    ),
    place,
  )
  void media.open()
}

void start()
