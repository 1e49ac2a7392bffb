import { browser } from '../browser.ts'
import { createCarrier } from './carrier.ts'

declare global {
  /** In this script's own world, which no page sees. */
  var leaveAlcove: (() => void) | undefined
}

// Put in a second time (the site was added while it was open, the extension was updated), the newer one takes over.
globalThis.leaveAlcove?.()
globalThis.leaveAlcove = createCarrier({ window, runtime: browser.runtime })
