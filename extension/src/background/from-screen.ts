import type { ScreenAnswer, ScreenToBackground } from '@alcove/shared/protocol/extension-inside'
import { decideRules } from './content-rules.ts'
import type { Context } from './context.ts'
import { screenState } from './screen-state.ts'
import { registerScripts } from './site-scripts.ts'
import { bringToFront, hasAccess, lookAtTabs, openCheck, openSite, otherSession, patternOf, tabsOf, tell } from './site-tabs.ts'
import { maxSites } from './stored.ts'
import { supportReport } from './support-report.ts'

type Failure = Extract<ScreenAnswer, { type: 'failed' }>['reason']

/** Null: done, and the answer is the new state. */
type Outcome = Failure | null

type Handlers = {
  readonly [Type in Exclude<ScreenToBackground['type'], 'copy-report'>]: (
    context: Context,
    message: Extract<ScreenToBackground, { type: Type }>,
  ) => Promise<Outcome>
}

const handlers: Handlers = {
  'get-state': async () => null,
  check: (context) => atSite(context, (origin) => openCheck(context.browser, origin, null)),
  'open-site': (context) => atSite(context, async (origin) => openSite(context.browser, origin, await context.store.present())),
  fix: (context, { line }) => atSite(context, (origin) => fix(context, origin, line)),

  async 'add-site'({ store }, { origin }) {
    const { sites } = await store.settings()
    if (sites.includes(origin)) return null
    if (sites.length >= maxSites) return 'too-many'
    await store.changeSettings((before) => ({ ...before, sites: [...before.sites, origin], chosen: before.chosen ?? origin }))
    return null
  },
  'remove-site': (context, { origin }) => removeSite(context, origin),
  async 'choose-site'({ store }, { origin }) {
    if (!(await store.settings()).sites.includes(origin)) return 'no-site'
    await store.changeSettings((before) => ({ ...before, chosen: origin }))
    return null
  },

  async 'set-permissions'(context, { origin, permissions }) {
    const { sites } = await context.store.settings()
    if (!sites.includes(origin)) return 'no-site'
    if (!context.browser.contentSettings) return 'not-possible'
    await decideRules(context, origin, permissions)
    return null
  },
  async 'undo-permissions'(context, { origin }) {
    await decideRules(context, origin, [])
    return null
  },

  async 'set-reminders'({ store }, { reminders }) {
    await store.changeSettings((before) => ({ ...before, reminders }))
    return null
  },
  async 'set-language'({ store }, { language }) {
    await store.changeSettings((before) => ({ ...before, language }))
    return null
  },
  async 'test-ring'({ store, ringer, now }) {
    const wasPlaying = await ringer.test()
    await store.changeSettings((before) => ({ ...before, ring: { wasPlaying, wasHeard: null, testedAt: now() } }))
    return null
  },
  async heard({ store }, { wasHeard }) {
    await store.changeSettings((before) => ({ ...before, ring: { ...before.ring, wasHeard } }))
    return null
  },
}

/** @param settle works out what follows (scripts, badge, alarms) before the answer is made. */
export async function hearScreen(context: Context, message: ScreenToBackground, settle: () => Promise<void>): Promise<ScreenAnswer> {
  if (message.type === 'copy-report') {
    return { type: 'support-report', text: supportReport(await screenState(context), context.userAgent, context.now()).slice(0, 8000) }
  }
  const handle = handlers[message.type] as (context: Context, message: ScreenToBackground) => Promise<Outcome>
  const reason = await handle(context, message).catch((): Failure => 'failed')
  if (message.type === 'add-site') await registerScripts(context)
  if (message.type !== 'get-state') await settle()
  return reason === null ? { type: 'state', state: await screenState(context) } : { type: 'failed', reason }
}

async function atSite(context: Context, act: (origin: string) => Promise<void>): Promise<Outcome> {
  const { chosen } = await context.store.settings()
  if (chosen === null) return 'no-site'
  if (!(await hasAccess(context.browser, chosen))) return 'no-access'
  await act(chosen)
  return null
}

/** What one click can do: unmute, bring to the front, open. All else is done at the line of the site's own check. */
async function fix(context: Context, origin: string, line: string): Promise<void> {
  const { browser, store } = context
  const present = await store.present()
  const { finding, isMuted, open } = await lookAtTabs(browser, origin, present)
  if (line === 'sound' && isMuted) {
    for (const { id, mutedInfo } of open) if (id !== undefined && mutedInfo?.muted) await browser.tabs.update(id, { muted: false })
  } else if (line === 'tab' && finding === 'other-session') {
    const other = await otherSession(browser, open, present)
    if (other) await bringToFront(browser, other)
  } else if (line === 'tab') {
    await openSite(browser, origin, present)
  } else {
    await openCheck(browser, origin, line)
  }
}

/** First what was set for it is taken back, then it is forgotten; then the browser is told that we need not see it any more. */
async function removeSite(context: Context, origin: string): Promise<Outcome> {
  const { browser, store } = context
  if (!(await store.settings()).sites.includes(origin)) return 'no-site'
  await decideRules(context, origin, [])
  for (const { id } of await tabsOf(browser, origin).catch(() => [])) if (id !== undefined) await tell(browser, id, { type: 'leave' })
  await store.changePresent((before) => ({ ...before, tabs: before.tabs.filter((tab) => tab.origin !== origin) }))
  await store.forgetSite(origin)
  const { sites } = await store.changeSettings((before) => {
    const left = before.sites.filter((one) => one !== origin)
    return { ...before, sites: left, chosen: before.chosen === origin ? (left[0] ?? null) : before.chosen }
  })
  await registerScripts(context)
  const pattern = patternOf(browser, origin)
  // Two sites of one host, told apart by their ports alone, share a permission where patterns know no ports.
  if (!sites.some((one) => patternOf(browser, one) === pattern)) {
    await browser.permissions.remove({ origins: [pattern] }).catch(() => false)
  }
  return null
}
