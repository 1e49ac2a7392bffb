import type { ScreenAnswer, ScreenState, ScreenToBackground } from '@alcove/shared/protocol/extension-inside'

/**
 * All that popup and options need of the browser. `browser-screen.ts` is the real one; with another one the screens run in
 * any page.
 */
export type ScreenPort = {
  /** Null when nobody answered, or with something that is no answer. */
  tell(message: ScreenToBackground): Promise<ScreenAnswer | null>
  /** What the background says unasked. */
  watch(listener: (state: ScreenState) => void): () => void
  /** The browser's own questions: only straight from a click, with nothing awaited before. */
  readonly ask: {
    site(origin: string): Promise<boolean>
    permission(permission: 'contentSettings' | 'notifications'): Promise<boolean>
  }
  openOptions(): void
  copy(text: string): Promise<boolean>
  /** Epoch ms. */
  now(): number
  every(intervalMs: number, run: () => void): () => void
  readonly languages: readonly string[]
}
