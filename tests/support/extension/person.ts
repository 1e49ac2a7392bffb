import { contentSays, decodeToContent, type ScreenToBackground, screenSays } from '@alcove/shared/protocol/extension-inside'
import type { PageToExtension } from '@alcove/shared/protocol/extension-messages'
import { createBackground } from '../../../extension/src/background/background.ts'
import { beginLife, extensionId, extensionUrl, type FakeTab, type Life, untilIdle, type World } from './fake-world.ts'

export const origin = 'https://clinic.example'
export const pattern = 'https://clinic.example:443/*'
export const minuteMs = 60_000

export const screen = { id: extensionId, url: `${extensionUrl}popup.html` }
export const page = (tabId = 1, url = `${origin}/`) => ({
  id: extensionId,
  url,
  origin: new URL(url).origin,
  frameId: 0,
  tab: { id: tabId },
})

export const tab = (id: number, more: Partial<FakeTab> = {}): FakeTab => ({
  id,
  url: `${origin}/`,
  active: false,
  isMuted: false,
  hasScript: true,
  told: [],
  ...more,
})

/** A background that is begun again whenever it was ended, and the page's and the person's half: they try again when nothing came back. */
export function person(world: World) {
  let life: Life | null = null
  function wake(): Life {
    if (!life || life.isOver()) {
      life = beginLife(world)
      createBackground(life.context)
    }
    return life
  }
  async function again(act: (life: Life) => Promise<unknown> | undefined): Promise<unknown> {
    for (;;) {
      const now = wake()
      let answer: unknown
      void Promise.resolve(act(now)).then((given) => {
        answer = given
      })
      await untilIdle(world)
      if (!now.isOver()) return answer
    }
  }
  return {
    says: (message: PageToExtension, tabId = 1) => again((now) => now.send(contentSays({ type: 'page', message }), page(tabId))),
    presses: (message: ScreenToBackground) => again((now) => now.send(screenSays(message), screen)),
    sends: (data: unknown, sender: object) => again((now) => now.send(data, sender)),
    sees: (...event: Parameters<Life['fire']>) =>
      again((now) => {
        now.fire(...event)
        return undefined
      }),
    restarts() {
      life = null
    },
  }
}

export const told = (one: FakeTab | undefined) =>
  (one?.told ?? []).map((text) => {
    const decoded = decodeToContent(text)
    return decoded.ok ? decoded.value : text
  })
export const lastQuiet = (one: FakeTab | undefined) =>
  told(one)
    .flatMap((each) => (typeof each === 'object' && each.type === 'page' && each.message.type === 'quiet' ? [each.message.isQuiet] : []))
    .at(-1)

export async function withSite(world: World) {
  world.access.add(pattern)
  const someone = person(world)
  await someone.presses({ type: 'add-site', origin })
  return someone
}
