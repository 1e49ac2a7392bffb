import type { ExtensionBrowser, Runtime } from './browser.ts'

/**
 * Listens to the extension's messages. `answer` gives null for what is not for this part, so that another part may answer
 * it. The answer goes through `sendResponse`, the one way that all browsers have.
 */
export function listen(
  runtime: ExtensionBrowser['runtime'],
  answer: (data: unknown, sender: Runtime.MessageSender) => Promise<string | undefined> | null,
): void {
  const listener = (data: unknown, sender: Runtime.MessageSender, sendResponse: (text: unknown) => void) => {
    const promised = answer(data, sender)
    if (promised === null) return undefined
    // An answer in any case: whoever asked waits for one.
    void promised.then(sendResponse, () => sendResponse(undefined))
    return true
  }
  runtime.onMessage.addListener(listener as Parameters<typeof runtime.onMessage.addListener>[0])
}
