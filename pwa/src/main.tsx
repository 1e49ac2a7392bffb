/** The app's composition root: builds the adapters and introduces them to the features. */
import { err } from '@alcove/shared/domain/result'
import { render } from 'solid-js/web'
import { createMedia } from './adapters/media/media.ts'
import { createSound } from './adapters/media/sound.ts'
import { createClock } from './adapters/platform/clock.ts'
import { createNotifications } from './adapters/platform/notifications.ts'
import { createPage } from './adapters/platform/page.ts'
import { createPreferences } from './adapters/platform/preferences.ts'
import { createTabLock } from './adapters/platform/tab-lock.ts'
import { createPeerLinks } from './adapters/rtc/peer-links.ts'
import { openStore, type Store } from './adapters/schedule/open-store.ts'
import { createSignaling, openBrowserSocket, sessionUrl } from './adapters/signaling/create-signaling.ts'
import { createServiceWorkerUpdates } from './adapters/updates/service-worker-updates.ts'
import { App } from './app/App.tsx'
import type { AppDeps } from './app/app-context.ts'
import { StorageFailure } from './app/StorageFailure.tsx'
import { createLanguage } from './app/services/language.ts'
import { createLinks } from './app/services/links.ts'
import { readSessionName } from './app/services/session-name.ts'
import { detectBrowser, deviceLabel, stepsKey } from './features/device-check/browser.ts'
import { createLocalMedia } from './features/device-check/local-media.ts'
import { createClinicianRoom } from './features/session/clinician-room.ts'
import { noOwnDevices } from './features/session/own-devices.ts'
import { mountAnnouncer } from './ui/announce.ts'

import { version } from '../package.json'
import './ui/tokens.css'

const clock = createClock()
const preferences = createPreferences()
const page = createPage()
const { origin } = window.location

/** A device that knows of no other. */
const alone: Pick<AppDeps, 'people' | 'sync' | 'pairing' | 'syncStore' | 'relay'> = {
  people: {
    watch: (listener) => nothingMore(listener),
    watchRemoval: (listener) => nothingMore(listener),
    changeRoles: async () => err('not-allowed'),
    removeMember: async () => err('not-allowed'),
    removeDevice: async () => err('not-allowed'),
    replaceRoom: async () => err('not-allowed'),
  },
  sync: {
    watch(listener) {
      listener({ line: { kind: 'only-device' }, unsynced: 0, devices: new Map() })
      return () => undefined
    },
    hurry: () => undefined,
    sendToOwnDevices: () => undefined,
    watchOwnDevices: () => () => undefined,
    close: () => undefined,
  },
  pairing: {
    admit: async () => err('not-allowed'),
    newDevice: () => Promise.reject(new Error('No other device can be known here')),
    adopt: async () => err('not-allowed'),
  },
  syncStore: { watchPlace: (listener) => nothingMore(listener) },
  relay: { join: () => ({ publish: () => false, leave: () => undefined }) },
}

function nothingMore(listener: (value: null) => void): () => void {
  listener(null)
  return () => undefined
}

async function compose(store: Store): Promise<AppDeps> {
  const sound = createSound()
  const browser = detectBrowser(navigator)
  const tabs = createTabLock()
  const media = createLocalMedia({ media: createMedia(), sound, preferences, clock, oneCapture: browser.system === 'ios' })
  const { practice, patients, schedule, vault, journal } = store
  page.watchVisibility((hidden) => {
    if (!hidden) void store.catchUp()
  })
  return {
    practice,
    patients,
    schedule,
    vault,
    journal,
    ...alone,
    origin,
    deviceLabel: deviceLabel(browser),
    media,
    clock,
    page,
    sound,
    preferences,
    tabs,
    notifications: createNotifications(),
    links: createLinks({ vault, origin }),
    language: await createLanguage(preferences),
    updates: createServiceWorkerUpdates(),
    browser: stepsKey(browser),
    version,
    damaged: () => store.damage().rows + store.damage().entities > 0,
    canShareScreen: 'getDisplayMedia' in (navigator.mediaDevices ?? {}),
    async openRoom() {
      if (!(await vault.hostIdentity())) return null
      return createClinicianRoom({
        clock,
        signaling: createSignaling({ clock, origin, url: sessionUrl(window.location), random: Math.random, openSocket: openBrowserSocket }),
        peerLinks: createPeerLinks(clock),
        journal,
        vault,
        practice,
        patients,
        schedule,
        localMedia: media,
        tabLock: tabs,
        page,
        preferences,
        ownDevices: noOwnDevices,
        name: await readSessionName(journal),
      })
    },
  }
}

async function start(): Promise<void> {
  mountAnnouncer()
  const root = document.getElementById('app')
  if (!root) throw new Error('The page has no place for the app')
  const store = await openStore({ now: () => clock.now() })
  if (!store.ok) {
    await createLanguage(preferences)
    render(() => <StorageFailure error={store.error} />, root)
    return
  }
  const deps = await compose(store.value)
  render(() => <App deps={deps} />, root)
}

void start()
