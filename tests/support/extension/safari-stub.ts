/**
 * Runs in a page before anything of the extension, and stands for Safari's `browser`: what Safari 16.4 to 18 has of it, and
 * nothing of what it has not (notifications, offscreen, contentSettings, getBrowserInfo). Background and popup share the page.
 * What happened lies in `window.stub`.
 */
export function safariStub(): void {
  const own = 'safari-web-extension://11111111-2222-3333-4444-555555555555/'
  type Listener = (...given: unknown[]) => unknown
  const listeners = new Map<string, Listener[]>()
  const event = (name: string) => ({
    addListener: (listener: Listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    removeListener: () => undefined,
  })
  const area = () => {
    const kept = new Map<string, unknown>()
    return {
      get: async (key: string) => (kept.has(key) ? { [key]: structuredClone(kept.get(key)) } : {}),
      set: async (items: object) => {
        for (const [key, value] of Object.entries(items)) kept.set(key, structuredClone(value))
      },
      remove: async (key: string) => void kept.delete(key),
    }
  }
  const stub = {
    badge: '',
    told: [] as string[],
    tabs: [] as { id: number; url: string; active: boolean; windowId: number }[],
    alarms: {} as Record<string, unknown>,
    errors: [] as string[],
    /** As a message of a content script of the site, or of the popup. */
    send(text: string, sender: object): Promise<unknown> {
      return new Promise((resolve) => {
        // Nobody hears himself: the background, which listens first, says what is for screens.
        const [background, ...screens] = listeners.get('message') ?? []
        const others = text.startsWith('alcove/to-screen/') ? screens : background ? [background] : []
        const given = others.map((listener) => listener(text, sender, resolve))
        if (!given.includes(true)) resolve(undefined)
      })
    },
    id: 'companion',
  }
  addEventListener('error', ({ message }) => stub.errors.push(message))
  addEventListener('unhandledrejection', ({ reason }) => stub.errors.push(String(reason)))
  const nothing = async () => undefined
  const browser = {
    runtime: {
      id: stub.id,
      getURL: (path: string) => own + path,
      getManifest: () => ({ version: '0.1.0' }),
      openOptionsPage: nothing,
      sendMessage: (text: string) => stub.send(text, { id: stub.id, url: `${own}popup.html` }),
      onMessage: event('message'),
      onInstalled: event('installed'),
      onStartup: event('startup'),
    },
    storage: { local: area(), session: area() },
    permissions: { contains: async () => true, remove: async () => true, onAdded: event('added'), onRemoved: event('removed') },
    scripting: {
      getRegisteredContentScripts: async () => [],
      registerContentScripts: nothing,
      unregisterContentScripts: nothing,
      executeScript: async () => [],
    },
    tabs: {
      query: async () => stub.tabs,
      get: async (id: number) => stub.tabs.find((tab) => tab.id === id) ?? Promise.reject(new Error('No tab')),
      sendMessage: async (_id: number, text: string) => void stub.told.push(text),
      update: nothing,
      create: async ({ url }: { url: string }) => void stub.tabs.push({ id: 9, url, active: true, windowId: 1 }),
      onRemoved: event('tab removed'),
      onUpdated: event('tab updated'),
      onActivated: event('activated'),
    },
    windows: { get: async () => ({ focused: true, state: 'normal' }), update: nothing, onFocusChanged: event('focus') },
    alarms: {
      get: async (name: string) => stub.alarms[name],
      create: (name: string, info: object) => void Object.assign(stub.alarms, { [name]: info }),
      clear: async (name: string) => Reflect.deleteProperty(stub.alarms, name),
      onAlarm: event('alarm'),
    },
    action: {
      setBadgeText: async ({ text }: { text: string }) => void Object.assign(stub, { badge: text }),
      setBadgeBackgroundColor: nothing,
      setTitle: nothing,
    },
    i18n: { getUILanguage: () => 'en' },
  }
  // Safari has both names, as has Firefox.
  Object.assign(globalThis, { browser, chrome: browser, stub })
}

export type SafariStub = {
  readonly badge: string
  readonly told: readonly string[]
  readonly alarms: Readonly<Record<string, unknown>>
  readonly errors: readonly string[]
  readonly id: string
  send(text: string, sender: object): Promise<unknown>
  tabs: { id: number; url: string; active: boolean; windowId: number }[]
}
