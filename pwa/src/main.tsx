/** The app's composition root: builds the adapters and introduces them to the features. */
import { render } from 'solid-js/web'
import { createLaterLogLine } from './adapters/log/later-log-line.ts'
import { createMedia } from './adapters/media/media.ts'
import { createSound } from './adapters/media/sound.ts'
import { createClock } from './adapters/platform/clock.ts'
import { createCompanion } from './adapters/platform/companion.ts'
import { createNotifications } from './adapters/platform/notifications.ts'
import { createPage } from './adapters/platform/page.ts'
import { createPreferences } from './adapters/platform/preferences.ts'
import { createTabChannel } from './adapters/platform/tab-channel.ts'
import { createTabLock } from './adapters/platform/tab-lock.ts'
import { createKitWords } from './adapters/recovery/kit-words.ts'
import { createWatchedPeerLinks } from './adapters/rtc/watched-peer-links.ts'
import { openStore, type Store } from './adapters/schedule/open-store.ts'
import { createSignaling, openBrowserSocket, sessionUrl } from './adapters/signaling/create-signaling.ts'
import { createRelay, openRelaySocket, syncUrl } from './adapters/signaling/relay.ts'
import { createLaterLinks } from './adapters/sync/later-links.ts'
import { createServiceWorkerUpdates } from './adapters/updates/service-worker-updates.ts'
import { App } from './app/App.tsx'
import type { AppDeps } from './app/app-context.ts'
import { StorageFailure } from './app/StorageFailure.tsx'
import { createKnownIceServers, iceServersChannel } from './app/services/ice-servers.ts'
import { createLanguage } from './app/services/language.ts'
import { createLaterSync, loadLater } from './app/services/later-sync.ts'
import { createLinks } from './app/services/links.ts'
import { readSessionName } from './app/services/session-name.ts'
import { detectBrowser, deviceLabel, stepsKey } from './features/device-check/browser.ts'
import { createLocalMedia } from './features/device-check/local-media.ts'
import { createMediaCare } from './features/device-check/media-care.ts'
import type { RecoveryDoors } from './features/recovery/recovery-doors.ts'
import { createClinicianRoom } from './features/session/clinician-room.ts'
import { createOwnDevices } from './features/session/own-devices.ts'
import { composeCamera } from './main/compose-camera.ts'
import { mountAnnouncer } from './ui/announce.ts'

import { version } from '../package.json'
import './ui/tokens.css'

const clock = createClock()
const preferences = createPreferences()
const page = createPage()
const browser = detectBrowser(navigator)
const { origin } = window.location

/** The devices of the practice and the server's log: not needed for the first picture. */
const loadSync = () => Promise.all([import('./features/sync/practice-sync.ts'), import('./adapters/log/log-line.ts')])

async function compose(store: Store): Promise<AppDeps> {
  const sound = createSound()
  const tabs = createTabLock()
  const { practice, patients, schedule, vault, journal, people } = store
  const devices = createLocalMedia({
    media: createMedia(),
    sound,
    preferences,
    clock,
    oneCapture: browser.system === 'ios',
    loadCare: async () => createMediaCare,
  })
  const { media, images } = composeCamera(devices, { practice, preferences, page, imageStore: store.images })
  const iceServers = createKnownIceServers(createTabChannel(iceServersChannel))
  const relay = createRelay({ clock, url: syncUrl(window.location), random: Math.random, openSocket: openRelaySocket })
  const logLine = createLaterLogLine({ clock, random: Math.random, location: window.location })
  const recovery: RecoveryDoors = {
    words: createKitWords(),
    kits: store.kits,
    restore: store.restore,
    line: logLine,
    clock,
    origin,
    syncStore: store.sync,
    print: () => window.print(),
  }
  void loadLater(clock, () => import('./features/recovery/kit-keeper.ts')).then(({ createKitKeeper }) =>
    createKitKeeper({ ...recovery, random: Math.random }),
  )
  const sync = createLaterSync(
    loadLater(clock, loadSync).then(([{ createPracticeSync }, { createLogLine, logUrl, openLogSocket }]) =>
      createPracticeSync({
        clock,
        random: Math.random,
        store: store.sync,
        chain: store.chain,
        links: createLaterLinks({ clock, url: syncUrl(window.location), random: Math.random }),
        relay,
        tabLock: tabs,
        tabs: createTabChannel('alcove-sync'),
        iceServers: iceServers.current,
        log: {
          origin,
          keeping: store.log,
          line: createLogLine({ clock, url: logUrl(window.location), random: Math.random, openSocket: openLogSocket }),
        },
      }),
    ),
  )
  const hurry = () => {
    relay.hurry()
    sync.hurry()
  }
  page.watchVisibility((hidden) => {
    if (hidden) return
    void store.catchUp()
    hurry()
  })
  page.watchOnline((online) => {
    if (online) hurry()
  })
  return {
    practice,
    patients,
    schedule,
    vault,
    journal,
    people,
    sync,
    pairing: store.pairing,
    syncStore: store.sync,
    recovery,
    relay,
    origin,
    deviceLabel: deviceLabel(browser),
    media,
    background: media.background,
    backgroundImages: images,
    clock,
    page,
    sound,
    preferences,
    tabs,
    notifications: createNotifications(),
    companion: createCompanion({ window, document, clock }),
    links: createLinks({ vault, origin }),
    language: await createLanguage(preferences),
    updates: createServiceWorkerUpdates(),
    browser: stepsKey(browser),
    async openCheck() {
      const { beginAppCheck } = await import('./check/app-check.ts')
      return () => beginAppCheck({ media, sound, clock, page, browser, iceServers })
    },
    version,
    damaged: () => store.damage().rows + store.damage().entities > 0,
    canShareScreen: 'getDisplayMedia' in (navigator.mediaDevices ?? {}),
    async openRoom() {
      if (!(await vault.hostIdentity())) return null
      return createClinicianRoom({
        clock,
        signaling: iceServers.overhear(
          createSignaling({ clock, origin, url: sessionUrl(window.location), random: Math.random, openSocket: openBrowserSocket }),
        ),
        peerLinks: createWatchedPeerLinks(clock, {
          isWanted: () => media.background.state().phase.kind === 'on',
          report: media.background.reportLoad,
        }),
        journal,
        vault,
        practice,
        patients,
        schedule,
        localMedia: media,
        tabLock: tabs,
        page,
        preferences,
        ownDevices: createOwnDevices({ people, sync }),
        name: await readSessionName(journal),
      })
    },
  }
}

async function start(): Promise<void> {
  mountAnnouncer()
  const root = document.getElementById('app')
  if (!root) throw new Error('The page has no place for the app')
  const store = await openStore({ now: () => clock.now(), label: deviceLabel(browser), preferences })
  if (!store.ok) {
    await createLanguage(preferences)
    render(() => <StorageFailure error={store.error} />, root)
    return
  }
  const deps = await compose(store.value)
  render(() => <App deps={deps} />, root)
}

void start()
