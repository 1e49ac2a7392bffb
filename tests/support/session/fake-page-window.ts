import { decodeFromPage, extensionSays, type ExtensionToPage, type PageToExtension } from '@alcove/shared/protocol/extension-messages'

type Listener = (event: MessageEvent) => void

export type FakePageWindow = {
  readonly window: {
    readonly location: { readonly origin: string }
    addEventListener(type: string, listener: unknown): void
    removeEventListener(type: string, listener: unknown): void
    postMessage(data: unknown, target: unknown): void
  }
  readonly document: {
    visibilityState: DocumentVisibilityState
    addEventListener(type: string, listener: unknown): void
    removeEventListener(type: string, listener: unknown): void
  }
  /** What a content script would have read, with the origin it was addressed to. */
  readonly posted: readonly { readonly message: PageToExtension; readonly target: unknown }[]
  /** A message event at the window, as the content script makes it unless told otherwise. */
  deliver(data: unknown, from?: Partial<Pick<MessageEvent, 'source' | 'origin'>>): void
  says(message: ExtensionToPage): void
  /** The page is looked at. */
  show(): void
  /** How many listeners are left. */
  listeners(): number
}

export function createFakePageWindow(origin = 'https://clinic.example'): FakePageWindow {
  const hearing = new Set<Listener>()
  const looking = new Set<() => void>()
  const posted: { message: PageToExtension; target: unknown }[] = []
  const window: FakePageWindow['window'] = {
    location: { origin },
    addEventListener: (_type, listener) => void hearing.add(listener as Listener),
    removeEventListener: (_type, listener) => void hearing.delete(listener as Listener),
    postMessage(data, target) {
      const message = decodeFromPage(data)
      if (!message.ok) throw new Error(`The page said something that no extension understands: ${String(data)}`)
      posted.push({ message: message.value, target })
    },
  }
  function deliver(data: unknown, from: Partial<Pick<MessageEvent, 'source' | 'origin'>> = {}): void {
    const event = { data, source: window, origin, ...from } as unknown as MessageEvent
    for (const listener of [...hearing]) listener(event)
  }
  return {
    window,
    document: {
      visibilityState: 'visible',
      addEventListener: (_type, listener) => void looking.add(listener as () => void),
      removeEventListener: (_type, listener) => void looking.delete(listener as () => void),
    },
    posted,
    deliver,
    says: (message) => deliver(extensionSays(message)),
    show() {
      for (const listener of looking) listener()
    },
    listeners: () => hearing.size + looking.size,
  }
}
