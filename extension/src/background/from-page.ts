import type { ExtensionToPage, PageToExtension } from '@alcove/shared/protocol/extension-messages'
import type { Context } from './context.ts'
import { maxTabs, type TabMemory } from './stored.ts'

/** A page of a site on the list, in this tab. */
export type PageSender = { readonly tabId: number; readonly origin: string }

type Handlers = {
  readonly [Type in PageToExtension['type']]: (
    context: Context,
    sender: PageSender,
    message: Extract<PageToExtension, { type: Type }>,
  ) => Promise<'welcome' | 'nothing'>
}

/** What each message of a page does; everything that follows from it (badge, ring, alarms) is worked out anew afterwards. */
const handlers: Handlers = {
  // A new page in this tab: what the last one said is past.
  async hello(context, sender) {
    await changeTab(context, sender, () => freshTab(sender))
    return 'welcome'
  },
  async waiting(context, sender, { people, ring }) {
    // Told again each time: a page that heard nothing from us for a while takes itself for the only one.
    await changeTab(context, sender, (tab) => ({ ...tab, people, ring, isQuiet: null }))
    return 'welcome'
  },
  async session(context, sender, { isRunning }) {
    await changeTab(context, sender, (tab) => ({ ...tab, inSession: isRunning }))
    return 'nothing'
  },
  async check({ store, now }, { origin }, { report }) {
    await store.changeSite(origin, (before) => ({ ...before, report: { report, receivedAt: now() } }))
    return 'nothing'
  },
  async appointments({ store }, { origin }, { startsAt }) {
    await store.changeSite(origin, (before) => ({ ...before, startsAt: [...startsAt] }))
    return 'nothing'
  },
  async devices({ store }, { origin }, { camera, microphone, speaker }) {
    await store.changeSite(origin, (before) => ({ ...before, devices: { camera, microphone, speaker } }))
    return 'nothing'
  },
}

const freshTab = ({ tabId, origin }: PageSender): TabMemory => ({
  tabId,
  origin,
  people: 0,
  ring: 'none',
  inSession: false,
  isQuiet: false,
})

async function changeTab({ store }: Context, sender: PageSender, change: (tab: TabMemory) => TabMemory): Promise<void> {
  await store.changePresent((before) => {
    const known = before.tabs.find((tab) => tab.tabId === sender.tabId && tab.origin === sender.origin)
    const others = before.tabs.filter((tab) => tab.tabId !== sender.tabId)
    return { ...before, tabs: [...others, change(known ?? freshTab(sender))].slice(-maxTabs) }
  })
}

/** @returns what the page is answered, if anything. */
export async function hearPage(context: Context, sender: PageSender, message: PageToExtension): Promise<ExtensionToPage | null> {
  const handle = handlers[message.type] as (
    context: Context,
    sender: PageSender,
    message: PageToExtension,
  ) => Promise<'welcome' | 'nothing'>
  return (await handle(context, sender, message)) === 'welcome' ? welcome(context) : null
}

async function welcome({ browser, store, ringer }: Context): Promise<ExtensionToPage> {
  const { ring } = await store.settings()
  return {
    type: 'welcome',
    canRing: ringer.how !== 'notification' && ring.wasPlaying !== false,
    notifies: browser.notifications !== undefined,
  }
}

export async function forgetTab({ store }: Context, tabId: number): Promise<void> {
  await store.changePresent((before) =>
    before.tabs.some((tab) => tab.tabId === tabId) ? { ...before, tabs: before.tabs.filter((tab) => tab.tabId !== tabId) } : before,
  )
}
