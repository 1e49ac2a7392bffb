import type { ExtensionBrowser } from '../browser.ts'
import type { Locale } from '../words/locale.ts'
import type { Ringer } from './ringer.ts'
import type { Store } from './stored.ts'

/** What the background's parts work with. Nothing in it is memory: a new one begins wherever the last one was ended. */
export type Context = {
  readonly browser: ExtensionBrowser
  readonly store: Store
  readonly ringer: Ringer
  /** Epoch ms. */
  now(): number
  /** The chosen language, or the browser's. */
  locale(choice: Locale | 'browser'): Locale
  readonly userAgent: string
  /** Is there a network at all, and does this server answer? */
  reach(origin: string): Promise<'ready' | 'offline' | 'unreachable'>
}
