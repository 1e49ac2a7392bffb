import type { Page, Stop } from '../../ports.ts'

export function createPage(): Page {
  return {
    isHidden: () => document.visibilityState === 'hidden',
    watchVisibility(listener) {
      return listen(document, 'visibilitychange', () => listener(document.visibilityState === 'hidden'))
    },
    watchOnline(listener) {
      const stops = [listen(window, 'online', () => listener(true)), listen(window, 'offline', () => listener(false))]
      return () => {
        for (const stop of stops) stop()
      }
    },
    setTitle(title) {
      document.title = title
    },
    setBadge(count) {
      // Only installed apps have an icon to mark; elsewhere the promise is refused.
      const badge = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.()
      badge?.catch(() => undefined)
    },
    keepAwake,
    holdPage() {
      return listen(window, 'beforeunload', (event) => event.preventDefault())
    },
    copyText,
    focus() {
      window.focus()
    },
  }
}

/** The browser drops the lock whenever the page is hidden, so it is taken again at every return. */
function keepAwake(): Stop {
  let wanted = true
  let lock: WakeLockSentinel | null = null
  async function take(): Promise<void> {
    if (!wanted || document.visibilityState === 'hidden' || (lock && !lock.released)) return
    try {
      lock = await navigator.wakeLock.request('screen')
      if (!wanted) await lock.release()
    } catch {
      // No such lock here, or the battery is low: the screen may dim, nothing else is lost.
    }
  }
  const stop = listen(document, 'visibilitychange', () => void take())
  void take()
  return () => {
    wanted = false
    stop()
    lock?.release().catch(() => undefined)
    lock = null
  }
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** Without a secure context there is no clipboard API, and it is there that a link has to be carried elsewhere. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'visually-hidden'
  // Inside an open dialog: what lies outside it cannot take the selection.
  const home = document.querySelector('dialog[open]') ?? document.body
  const focused = document.activeElement
  home.append(field)
  field.select()
  let copied = false
  try {
    copied = document.execCommand('copy')
  } catch {
    copied = false
  }
  field.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}

function listen(target: EventTarget, type: string, listener: (event: Event) => void): Stop {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}
