import type { ExtensionBrowser } from '../../../extension/src/browser.ts'
import type { Context } from '../../../extension/src/background/context.ts'
import { createStore } from '../../../extension/src/background/stored.ts'
import type { SitePermission, SiteSetting } from '@alcove/shared/protocol/extension-inside'

export type FakeTab = {
  readonly id: number
  url: string
  active: boolean
  isMuted: boolean
  /** Whether a content script answers in it. */
  hasScript: boolean
  /** What the extension told it, oldest first. */
  readonly told: string[]
}

/** What a browser keeps while an extension's background lives and dies. */
export type World = {
  now: number
  windowIsInFront: boolean
  serverAnswers: 'ready' | 'offline' | 'unreachable'
  devices: { cameras: number; microphones: number }
  readonly local: Map<string, string>
  readonly session: Map<string, string>
  readonly alarms: Map<string, object>
  readonly tabs: FakeTab[]
  readonly access: Set<string>
  readonly scripts: Set<string>
  readonly notices: Map<string, string>
  /** `<kind> <pattern>` of what was set by the extension. */
  readonly rules: Map<string, string>
  badge: string
  isRinging: boolean
  /** Of a ring: whether anything leaves the computer. */
  isHeard: boolean
  /** What the browser refuses. */
  readonly refused: Set<'notices' | 'rules'>
  /** API calls so far, over all lives. */
  calls: number
  /** The background ends before or after this call's effect: 2n before the n-th, 2n + 1 after it. */
  endsAt: number
}

export function fakeWorld(): World {
  return {
    now: Date.UTC(2026, 5, 1, 9),
    windowIsInFront: true,
    serverAnswers: 'ready',
    devices: { cameras: 1, microphones: 1 },
    local: new Map(),
    session: new Map(),
    alarms: new Map(),
    tabs: [],
    access: new Set(),
    scripts: new Set(),
    notices: new Map(),
    rules: new Map(),
    badge: '',
    isRinging: false,
    isHeard: true,
    refused: new Set(),
    calls: 0,
    endsAt: Number.POSITIVE_INFINITY,
  }
}

type Listener = (...given: never[]) => unknown
type EventName =
  | 'message'
  | 'installed'
  | 'startup'
  | 'added'
  | 'removed'
  | 'alarm'
  | 'tab removed'
  | 'tab updated'
  | 'activated'
  | 'focus'
  | 'clicked'
  | 'button'

export type Life = {
  readonly context: Context
  readonly isOver: () => boolean
  /** Everything that listens to the event is given this. */
  fire(event: EventName, ...given: readonly unknown[]): void
  /** To `runtime.onMessage`; undefined when nobody answers. */
  send(data: unknown, sender: object): Promise<unknown>
}

export const extensionId = 'alcoveextension'
export const extensionUrl = `chrome-extension://${extensionId}/`

/** One life of the background in that world, as Chromium has it. Once it is over, nothing that it does has any effect. */
export function beginLife(world: World): Life {
  let isOver = false
  const listeners = new Map<EventName, Listener[]>()
  const event = (name: EventName) => ({
    addListener: (listener: Listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    removeListener: () => undefined,
  })

  const refuse = () => Promise.reject(new Error('Refused'))
  const never = new Promise<never>(() => undefined)
  function call<T>(effect: () => T): Promise<T> {
    const index = world.calls
    if (isOver) return never
    world.calls += 1
    if (world.endsAt === 2 * index) isOver = true
    if (isOver) return never
    // The effect is the browser's: it happens even if nobody is left to hear of it.
    const result = effect()
    if (world.endsAt === 2 * index + 1) isOver = true
    return isOver ? never : Promise.resolve(result)
  }

  const area = (kept: Map<string, string>) => ({
    get: (key: string) => call(() => (kept.has(key) ? { [key]: JSON.parse(kept.get(key) ?? 'null') } : {})),
    set: (items: Record<string, unknown>) =>
      call(() => {
        for (const [key, value] of Object.entries(items)) kept.set(key, JSON.stringify(value))
      }),
    remove: (key: string) => call(() => void kept.delete(key)),
  })

  const asTab = (tab: FakeTab) => ({
    id: tab.id,
    url: tab.url,
    active: tab.active,
    windowId: 1,
    mutedInfo: { muted: tab.isMuted },
    index: 0,
  })
  const setting = (kind: SitePermission) => ({
    get: ({ primaryUrl }: { primaryUrl: string }) =>
      call(() => ({ setting: (world.rules.get(`${kind} ${primaryUrl}*`) ?? 'ask') as SiteSetting })),
    set: ({ primaryPattern, setting: value }: { primaryPattern: string; setting: string }) =>
      call(() => (world.refused.has('rules') ? refuse() : void world.rules.set(`${kind} ${primaryPattern}`, value))).then(() => undefined),
    clear: () =>
      call(() => {
        for (const key of world.rules.keys()) if (key.startsWith(`${kind} `)) world.rules.delete(key)
      }),
  })

  const browser = {
    runtime: {
      id: extensionId,
      getURL: (path: string) => extensionUrl + path,
      getManifest: () => ({ version: '0.1.0', optional_permissions: ['contentSettings', 'notifications'] }),
      sendMessage: () => call(() => undefined),
      onMessage: event('message'),
      onInstalled: event('installed'),
      onStartup: event('startup'),
    },
    storage: { local: area(world.local), session: area(world.session) },
    permissions: {
      contains: ({ origins }: { origins: string[] }) => call(() => origins.every((one) => world.access.has(one))),
      remove: ({ origins }: { origins: string[] }) => call(() => origins.map((one) => world.access.delete(one)).some(Boolean)),
      onAdded: event('added'),
      onRemoved: event('removed'),
    },
    scripting: {
      getRegisteredContentScripts: () => call(() => [...world.scripts].map((id) => ({ id }))),
      registerContentScripts: (scripts: { id: string }[]) => call(() => void scripts.map(({ id }) => world.scripts.add(id))),
      unregisterContentScripts: ({ ids }: { ids: string[] }) => call(() => void ids.map((id) => world.scripts.delete(id))),
      executeScript: ({ target }: { target: { tabId: number } }) =>
        call(() => {
          const tab = world.tabs.find(({ id }) => id === target.tabId)
          if (tab) tab.hasScript = true
        }),
    },
    tabs: {
      query: ({ url }: { url?: string }) => call(() => world.tabs.filter((tab) => url === undefined || matches(tab.url, url)).map(asTab)),
      get: (id: number) =>
        call(() => {
          const tab = world.tabs.find((one) => one.id === id)
          return tab ? asTab(tab) : Promise.reject(new Error('No tab'))
        }).then((tab) => tab),
      sendMessage: (id: number, text: string) =>
        call(() => {
          const tab = world.tabs.find((one) => one.id === id)
          return tab?.hasScript ? void tab.told.push(text) : Promise.reject(new Error('Nobody there'))
        }).then(() => undefined),
      update: (id: number, change: { active?: boolean; muted?: boolean; url?: string }) =>
        call(() => {
          for (const tab of world.tabs) {
            if (change.active) tab.active = tab.id === id
            if (tab.id === id && change.muted !== undefined) tab.isMuted = change.muted
            if (tab.id === id && change.url !== undefined) tab.url = change.url
          }
        }),
      create: ({ url }: { url: string }) =>
        call(() => {
          for (const tab of world.tabs) tab.active = false
          world.tabs.push({ id: world.tabs.length + 100, url, active: true, isMuted: false, hasScript: false, told: [] })
        }),
      onRemoved: event('tab removed'),
      onUpdated: event('tab updated'),
      onActivated: event('activated'),
    },
    windows: {
      get: () => call(() => ({ focused: world.windowIsInFront, state: 'normal' })),
      update: () => call(() => void Object.assign(world, { windowIsInFront: true })),
      onFocusChanged: event('focus'),
    },
    alarms: {
      get: (name: string) => call(() => world.alarms.get(name)),
      create: (name: string, info: object) => void call(() => world.alarms.set(name, info)),
      clear: (name: string) => call(() => world.alarms.delete(name)),
      onAlarm: event('alarm'),
    },
    notifications: {
      create: (id: string, { title, message }: { title: string; message: string }) =>
        call(() => (world.refused.has('notices') ? refuse() : void world.notices.set(id, `${title}\n${message}`))).then(() => undefined),
      clear: (id: string) => call(() => world.notices.delete(id)),
      onClicked: event('clicked'),
      onButtonClicked: event('button'),
    },
    action: {
      setBadgeText: ({ text }: { text: string }) => call(() => void Object.assign(world, { badge: text })),
      setBadgeBackgroundColor: () => call(() => undefined),
      setTitle: () => call(() => undefined),
    },
    contentSettings: { camera: setting('camera'), microphone: setting('microphone'), notifications: setting('notifications') },
    // There to say that this is Chromium; the bell below is what rings.
    offscreen: {},
  } as unknown as ExtensionBrowser

  const context: Context = {
    browser,
    store: createStore(browser.storage),
    ringer: {
      how: 'offscreen',
      start: () => call(() => Object.assign(world, { isRinging: true }).isHeard),
      test: () => call(() => true),
      stop: () => call(() => void Object.assign(world, { isRinging: false })),
      count: () => call(() => world.devices),
    },
    now: () => world.now,
    locale: (choice) => (choice === 'browser' ? 'en' : choice),
    userAgent: 'Fake/1.0',
    reach: () => call(() => world.serverAnswers),
  }
  return {
    context,
    isOver: () => isOver,
    fire(name, ...given) {
      for (const listener of listeners.get(name) ?? []) listener(...(given as never[]))
    },
    send(data, sender) {
      return new Promise((resolve) => {
        const answered = (listeners.get('message') ?? []).map((listener) =>
          (listener as (data: unknown, sender: object, respond: (answer: unknown) => void) => unknown)(data, sender, resolve),
        )
        if (!answered.includes(true)) resolve(undefined)
      })
    },
  }
}

/** A match pattern with a port, as Chromium has them. */
const matches = (url: string, pattern: string) => new URL(url).origin === new URL(pattern.replace('*', '')).origin

/** Until the background asks nothing more of its browser, whose answers here take no time. */
export async function untilIdle(world: World): Promise<void> {
  for (let quiet = 0, calls = world.calls; quiet < 2; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (world.calls !== calls) quiet = 0
    calls = world.calls
  }
}
