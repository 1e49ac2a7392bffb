import type { ExtensionBrowser } from '../browser.ts'
import { noticesWords } from '../words/notices.ts'
import type { Context } from './context.ts'
import { type LiveTab, type RingPlan, ringPlan } from './ring-plan.ts'
import { hasAccess, isWindowInFront, tell } from './site-tabs.ts'
import type { Present, TabMemory } from './stored.ts'

export const lookAlarm = 'look'
export const waitingNotice = 'waiting'
const iconUrl = 'icons/icon-128.png'

/**
 * Makes badge, notification and ring what they should be, from what is stored and what the browser says now. Run after
 * everything that happens; whatever an earlier run had not come to is done by the next.
 */
export async function announce(context: Context): Promise<void> {
  const { browser, store } = context
  const present = await store.present()
  const live = await liveTabs(browser, present.tabs)
  if (live.length < present.tabs.length) await keepTabs(context, live)
  const plan = ringPlan(live, context.ringer.how !== 'notification')
  const isHeard = await ring(context, plan, present)
  // An extension that is not heard silences nobody: the page goes on as if there were none, and says what to do (S22).
  const lost = await tellTabs(context, isHeard ? plan : ringPlan(live, false), live)
  await notify(context, plan, present)
  await showBadge(context, plan)
  await keepLooking(browser, plan)
  // A tab of which nobody answers is none: without it, perhaps somebody else rings.
  if (lost) await announce(context)
}

/** A tab that is gone, or that the browser no longer lets us see, takes back nothing that it said: it is forgotten. */
async function liveTabs(browser: ExtensionBrowser, tabs: readonly TabMemory[]): Promise<LiveTab[]> {
  const found = await Promise.all(
    tabs.map(async (memory) => {
      const tab = await browser.tabs.get(memory.tabId).catch(() => null)
      if (!tab || (tab.url !== undefined && new URL(tab.url).origin !== memory.origin)) return []
      if (!(await hasAccess(browser, memory.origin))) return []
      const isInFront = tab.active && (await isWindowInFront(browser, tab.windowId))
      return [{ ...memory, isMuted: tab.mutedInfo?.muted === true, isInFront }]
    }),
  )
  return found.flat()
}

async function keepTabs({ store }: Context, kept: readonly { readonly tabId: number }[]): Promise<void> {
  await store.changePresent((before) => ({
    ...before,
    tabs: before.tabs.filter((tab) => kept.some(({ tabId }) => tabId === tab.tabId)),
  }))
}

/** @returns false when it should be heard and is not. */
async function ring({ store, ringer }: Context, plan: RingPlan, present: Present): Promise<boolean> {
  if (plan.rings.by === 'extension') {
    // Written first: killed right after it began, the next run knows that there is something to stop.
    await store.changePresent((before) => (before.rings ? before : { ...before, rings: true }))
    const wasPlaying = await ringer.start().catch(() => false)
    await store.changeSettings((before) =>
      before.ring.wasPlaying === wasPlaying ? before : { ...before, ring: { ...before.ring, wasPlaying } },
    )
    return wasPlaying
  }
  if (present.rings) {
    await ringer.stop()
    await store.changePresent((before) => ({ ...before, rings: false }))
  }
  return true
}

/** @returns whether a tab was lost in it. */
async function tellTabs(context: Context, plan: RingPlan, live: readonly LiveTab[]): Promise<boolean> {
  let lost = false
  for (const { tabId, isQuiet: told } of live) {
    const isQuiet = plan.isQuiet.get(tabId) ?? false
    if (told === isQuiet) continue
    const arrived = await tell(context.browser, tabId, { type: 'page', message: { type: 'quiet', isQuiet } })
    if (!arrived) lost = true
    await context.store.changePresent((before) => ({
      ...before,
      tabs: arrived
        ? before.tabs.map((tab) => (tab.tabId === tabId ? { ...tab, isQuiet } : tab))
        : before.tabs.filter((tab) => tab.tabId !== tabId),
    }))
  }
  return lost
}

/** Once per arrival; gone when nobody is to be called, or the page is before the person's eyes. */
async function notify(context: Context, plan: RingPlan, present: Present): Promise<void> {
  const { browser, store } = context
  if (!browser.notifications) return
  const isNew = plan.callsForNotice && plan.people > present.notified
  if (isNew) {
    const words = noticesWords(context.locale((await store.settings()).language))
    // One that the system refuses must not take the badge with it.
    await browser.notifications
      .create(waitingNotice, {
        type: 'basic',
        iconUrl,
        title: words.waiting(plan.people),
        message: words.waitingBody,
        // Chromium alone has buttons, and keeps it until it is answered; others refuse what they do not know.
        ...(browser.offscreen ? { buttons: [{ title: words.open }, { title: words.moment }], requireInteraction: true, priority: 2 } : {}),
      })
      .catch(() => undefined)
  } else if (!plan.callsForNotice && present.notified > 0) {
    await browser.notifications.clear(waitingNotice)
  }
  const notified = plan.callsForNotice ? plan.people : 0
  await store.changePresent((before) => (before.notified === notified ? before : { ...before, notified }))
}

async function showBadge(context: Context, plan: RingPlan): Promise<void> {
  const { browser, store } = context
  const settings = await store.settings()
  const { quiet, report } = settings.chosen === null ? { quiet: null, report: null } : await store.site(settings.chosen)
  // A check by the page itself says more than the quiet one before it.
  const hasProblem = quiet !== null && quiet.problems.length > 0 && (report === null || report.receivedAt < quiet.at)
  const { button } = noticesWords(context.locale(settings.language))
  const title = plan.people > 0 ? button.waiting(plan.people) : hasProblem ? button.problem : button.idle
  await browser.action.setBadgeText({ text: plan.people > 0 ? String(plan.people) : hasProblem ? '!' : '' })
  await browser.action.setBadgeBackgroundColor({ color: plan.people > 0 ? '#0b6e63' : '#a3341f' })
  await browser.action.setTitle({ title })
}

/** While people wait, a look every half minute: a page that died says nothing of it. */
async function keepLooking(browser: ExtensionBrowser, plan: RingPlan): Promise<void> {
  const isLooking = (await browser.alarms.get(lookAlarm)) !== undefined
  if (plan.people > 0 && !isLooking) browser.alarms.create(lookAlarm, { periodInMinutes: 0.5 })
  if (plan.people === 0 && isLooking) await browser.alarms.clear(lookAlarm)
}
