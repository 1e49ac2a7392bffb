import { answerScreen, decodeFromContent, decodeFromScreen, sayToContent, sayToScreen } from '@alcove/shared/protocol/extension-inside'
import type { Runtime } from '../browser.ts'
import { listen } from '../listen.ts'
import { announce, lookAlarm, waitingNotice } from './announce.ts'
import { applyRules } from './content-rules.ts'
import type { Context } from './context.ts'
import { earlyAlarm, earlyNotice, warnEarly } from './early-warning.ts'
import { forgetTab, hearPage } from './from-page.ts'
import { hearScreen } from './from-screen.ts'
import { screenState } from './screen-state.ts'
import { whoSends } from './senders.ts'
import { injectNow, registerScripts } from './site-scripts.ts'
import { hasAccess, openCheck, openSite, tell } from './site-tabs.ts'

/**
 * One table of everything that can happen, and one thing at a time. Each handler writes down what it heard, and then all that
 * follows is worked out anew from what is stored: badge, notification, ring, alarms. So it does not matter when the
 * browser ends this, nor how often. Listeners are added at once, or the browser would not wake us for them.
 */
export function createBackground(context: Context): void {
  const { browser, store } = context
  const self = { id: browser.runtime.id, url: browser.runtime.getURL('') }
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = last.then(step)
    last = turn.catch(() => undefined)
    return turn
  }

  async function settle(): Promise<void> {
    // What the browser refuses to set is tried again the next time, and keeps nobody waiting unheard.
    await applyRules(context).catch(() => undefined)
    // Who waits goes before what is due.
    await announce(context)
    if (await warnEarly(context)) await announce(context)
  }

  /** Popup and options learn of every change; with none open, nobody hears it. */
  async function tellScreens(): Promise<void> {
    await browser.runtime.sendMessage(sayToScreen({ type: 'state', state: await screenState(context) })).catch(() => undefined)
  }

  /** Something happened: note it, settle, and tell. */
  function on(note: () => Promise<unknown> = async () => undefined): void {
    void inTurn(async () => {
      await note()
      await settle()
      await tellScreens()
    }).catch(() => undefined)
  }

  async function answerPage(data: unknown, sender: Runtime.MessageSender): Promise<string | undefined> {
    const from = whoSends(sender, self, (await store.settings()).sites)
    if (from?.kind !== 'content' || !(await hasAccess(browser, from.origin))) return undefined
    const decoded = decodeFromContent(data)
    if (!decoded.ok) return undefined
    if (decoded.value.type === 'gone') {
      await forgetTab(context, from.tabId)
      return undefined
    }
    const message = await hearPage(context, from, decoded.value.message)
    return message === null ? undefined : sayToContent({ type: 'page', message })
  }

  async function answerOne(data: unknown, sender: Runtime.MessageSender): Promise<string | undefined> {
    const decoded = decodeFromScreen(data)
    return decoded.ok && whoSends(sender, self, [])?.kind === 'screen'
      ? answerScreen(await hearScreen(context, decoded.value, settle))
      : undefined
  }

  listen(browser.runtime, (data, sender) => {
    if (sender.id !== self.id) return null
    // Screens send nothing that a page may, and are answered nothing that a page may hear: each has its own decoder.
    if (whoSends(sender, self, [])?.kind === 'screen') return inTurn(() => answerOne(data, sender))
    if (sender.tab === undefined) return null
    const answer = inTurn(() => answerPage(data, sender))
    on(() => answer)
    return answer
  })

  const chosen = async () => (await store.settings()).chosen
  async function openWaiting(): Promise<void> {
    const present = await store.present()
    const origin = present.tabs.find((tab) => tab.people > 0)?.origin ?? (await chosen())
    if (origin !== null) await openSite(browser, origin, present)
  }
  /** One page tells those who wait: the one that calls. */
  async function giveMoment(): Promise<void> {
    const { tabs } = await store.present()
    const calling = tabs.filter((tab) => tab.people > 0)
    const tab = calling.find(({ ring }) => ring !== 'none') ?? calling[0]
    if (tab) await tell(browser, tab.tabId, { type: 'page', message: { type: 'moment' } })
    await browser.notifications?.clear(waitingNotice)
  }
  async function openEarly(): Promise<void> {
    const origin = await chosen()
    if (origin !== null) await openCheck(browser, origin, null)
    await browser.notifications?.clear(earlyNotice)
  }

  let hearsNotices = false
  /** The interface is there once the permission was given. */
  function hearNotices(): void {
    if (hearsNotices || !browser.notifications) return
    hearsNotices = true
    browser.notifications.onClicked.addListener((id) => on(id === earlyNotice ? openEarly : openWaiting))
    browser.notifications.onButtonClicked.addListener((id, button) =>
      on(id === earlyNotice ? openEarly : button === 1 ? giveMoment : openWaiting),
    )
  }

  async function refreshSites(): Promise<void> {
    hearNotices()
    await registerScripts(context)
  }
  /** Without a site it can do nothing: the person is asked for one at once. */
  async function begin(): Promise<void> {
    await refreshSites()
    if ((await store.settings()).sites.length === 0) await browser.runtime.openOptionsPage()
  }
  /** After an update the scripts in open pages have lost their extension. */
  async function refreshPages(): Promise<void> {
    await registerScripts(context)
    for (const origin of (await store.settings()).sites) if (await hasAccess(browser, origin)) await injectNow(context, origin)
  }

  hearNotices()
  browser.runtime.onInstalled.addListener(({ reason }) => on(() => (reason === 'install' ? begin() : refreshPages())))
  browser.runtime.onStartup.addListener(() => on(refreshSites))
  browser.permissions.onAdded.addListener(() => on(refreshSites))
  browser.permissions.onRemoved.addListener(() => on(refreshSites))
  browser.alarms.onAlarm.addListener(({ name }) => (name === lookAlarm ? on(askAll) : name === earlyAlarm ? on() : undefined))
  browser.tabs.onRemoved.addListener((tabId) => on(() => forgetTab(context, tabId)))
  browser.tabs.onUpdated.addListener((_tabId, { mutedInfo, sharingState }) => {
    if (mutedInfo || sharingState) on()
  })
  browser.tabs.onActivated.addListener(whileWaiting)
  browser.windows?.onFocusChanged.addListener(whileWaiting)
  // Whatever woke us: what an earlier life left undone is done now.
  on(refreshSites)

  /** What the person looks at changes all day long, and matters only while people wait. */
  function whileWaiting(): void {
    void inTurn(async () => {
      if ((await store.present()).tabs.some((tab) => tab.people > 0)) await announce(context)
    }).catch(() => undefined)
  }

  /** Every page is told anew, and so shows whether it is still there. */
  async function askAll(): Promise<void> {
    await store.changePresent((before) => ({ ...before, tabs: before.tabs.map((tab) => ({ ...tab, isQuiet: null })) }))
  }
}
