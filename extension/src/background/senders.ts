import type { Runtime } from '../browser.ts'

export type Sender =
  /** The content script in the top frame of a page of a site on the list. */
  | { readonly kind: 'content'; readonly tabId: number; readonly origin: string }
  /** Popup or options. */
  | { readonly kind: 'screen' }

/** More than the types know: `origin` is Chromium's and Firefox's, `documentLifecycle` Chromium's. */
type AnySender = Runtime.MessageSender & { readonly origin?: string; readonly documentLifecycle?: string }

const screens: ReadonlySet<string> = new Set(['/popup.html', '/options.html'])

/**
 * Who sent a message; null for whoever has no business here: another extension, a frame, another origin of the same host
 * (ports count), a page that is only being prepared.
 * @param self the extension's own id and address (`runtime.getURL('')`).
 * @param sites the exact origins that the person added.
 */
export function whoSends(sender: AnySender, self: { readonly id: string; readonly url: string }, sites: readonly string[]): Sender | null {
  if (sender.id !== self.id || sender.url === undefined) return null
  const url = parse(sender.url)
  if (!url) return null
  const own = new URL(self.url)
  if (url.protocol === own.protocol && url.host === own.host) return screens.has(url.pathname) ? { kind: 'screen' } : null
  if (sender.tab?.id === undefined || sender.frameId !== 0) return null
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== 'active') return null
  if (sender.origin !== undefined && sender.origin !== url.origin) return null
  return sites.includes(url.origin) ? { kind: 'content', tabId: sender.tab.id, origin: url.origin } : null
}

function parse(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}
