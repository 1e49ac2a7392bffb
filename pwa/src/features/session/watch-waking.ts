import type { Clock, Page, Stop } from '../../ports.ts'

const longHiddenMs = 10_000

/** Calls back when a page that was hidden for long is looked at again: sockets and paths may be gone unnoticed. */
export function watchWaking(page: Pick<Page, 'watchVisibility'>, clock: Pick<Clock, 'now'>, onWake: () => void): Stop {
  let hiddenAt: number | null = null
  return page.watchVisibility((hidden) => {
    if (!hidden && hiddenAt !== null && clock.now() - hiddenAt > longHiddenMs) onWake()
    hiddenAt = hidden ? clock.now() : null
  })
}
