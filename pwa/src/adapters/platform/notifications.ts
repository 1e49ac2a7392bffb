import type { Notifications, Stop } from '../../ports.ts'

export function createNotifications(): Notifications {
  const supported = typeof Notification !== 'undefined'
  return {
    permission: () => (supported ? Notification.permission : 'unsupported'),
    async request() {
      if (!supported) return 'unsupported'
      try {
        return await Notification.requestPermission()
      } catch {
        return Notification.permission
      }
    },
    show(title, body, tag) {
      if (!supported || Notification.permission !== 'granted') return () => undefined
      try {
        return showFromPage(title, body, tag)
      } catch {
        // Android has no notifications of pages, only of service workers.
        return showFromWorker(title, body, tag)
      }
    },
  }
}

function showFromPage(title: string, body: string, tag: string): Stop {
  const notification = new Notification(title, { body, tag, requireInteraction: true })
  notification.onclick = () => {
    window.focus()
    notification.close()
  }
  return () => notification.close()
}

function showFromWorker(title: string, body: string, tag: string): Stop {
  let stopped = false
  async function show(): Promise<void> {
    const worker = await navigator.serviceWorker?.getRegistration()
    if (stopped) return
    await worker?.showNotification(title, { body, tag, requireInteraction: true })
    if (stopped) await close()
  }
  async function close(): Promise<void> {
    const worker = await navigator.serviceWorker?.getRegistration()
    for (const shown of (await worker?.getNotifications({ tag })) ?? []) shown.close()
  }
  show().catch(() => undefined)
  return () => {
    stopped = true
    close().catch(() => undefined)
  }
}
