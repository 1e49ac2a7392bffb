import { contentSays, decodeToContent } from '@alcove/shared/protocol/extension-inside'
import { decodeFromPage, extensionSays, type ExtensionToPage, type PageToExtension } from '@alcove/shared/protocol/extension-messages'
import type { ExtensionBrowser, Runtime } from '../browser.ts'

type Deps = {
  readonly window: Window
  readonly runtime: Pick<ExtensionBrowser['runtime'], 'id' | 'sendMessage' | 'onMessage'>
}

/**
 * Carries messages between the page and the background, and decides nothing. The page is heard only as itself: same
 * window, same origin, top frame. What is not in the schema goes no further. The background checks again, and says
 * nothing to an origin that is not on the list; so neither does this.
 * @returns what makes it fall silent for good.
 */
export function createCarrier({ window, runtime }: Deps): () => void {
  if (window.top !== window) return () => undefined
  const { origin } = window.location

  function toPage(message: ExtensionToPage): void {
    window.postMessage(extensionSays(message), origin)
  }

  function receive(data: unknown): void {
    const decoded = decodeToContent(data)
    if (!decoded.ok) return
    if (decoded.value.type === 'leave') leave()
    else toPage(decoded.value.message)
  }

  async function toBackground(text: string): Promise<void> {
    try {
      receive(await runtime.sendMessage(text))
    } catch {
      // Nobody is there for the moment, or the extension was removed: then this orphan falls silent.
      if (!runtime.id) leave()
    }
  }

  const say = (message: PageToExtension) => void toBackground(contentSays({ type: 'page', message }))

  function onPageMessage(event: MessageEvent<unknown>): void {
    if (event.source !== window || event.origin !== origin) return
    const decoded = decodeFromPage(event.data)
    if (decoded.ok) say(decoded.value)
  }

  function onRuntimeMessage(data: unknown, sender: Runtime.MessageSender): undefined {
    if (sender.id === runtime.id && sender.tab === undefined) receive(data)
    return undefined
  }

  const onHide = () => void toBackground(contentSays({ type: 'gone' }))
  const onShow = (event: PageTransitionEvent) => {
    if (event.persisted) say({ type: 'hello' })
  }

  function leave(): void {
    window.removeEventListener('message', onPageMessage)
    window.removeEventListener('pagehide', onHide)
    window.removeEventListener('pageshow', onShow)
    runtime.onMessage.removeListener(onRuntimeMessage)
  }

  window.addEventListener('message', onPageMessage)
  window.addEventListener('pagehide', onHide)
  window.addEventListener('pageshow', onShow)
  runtime.onMessage.addListener(onRuntimeMessage)
  // A page that was open before the extension came learns of it unasked.
  say({ type: 'hello' })
  return leave
}
