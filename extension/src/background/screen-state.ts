import { beginCheck, type CheckState, check, checkLines } from '@alcove/shared/domain/device-check'
import type { ScreenState, SitePermission } from '@alcove/shared/protocol/extension-inside'
import type { ExtensionBrowser } from '../browser.ts'
import { readSettings, type SiteSettings } from './content-rules.ts'
import type { Context } from './context.ts'
import { dueStarts } from './reminders.ts'
import { peopleOf } from './ring-plan.ts'
import { hasAccess, lookAtTabs } from './site-tabs.ts'
import type { Settings, SiteMemory } from './stored.ts'

/** What popup and options show, from what is stored and what the browser says now. */
export async function screenState(context: Context): Promise<ScreenState> {
  const { browser, store, ringer, now } = context
  const settings = await store.settings()
  const present = await store.present()
  const { chosen } = settings
  const sites = await Promise.all(settings.sites.map(async (origin) => ({ origin, hasAccess: await hasAccess(browser, origin) })))
  const memory = chosen === null ? null : await store.site(chosen)
  const seen = chosen !== null && sites.some((one) => one.origin === chosen && one.hasAccess)
  const tabs = seen ? await lookAtTabs(browser, chosen, present) : null
  const now_ = now()
  const set = chosen === null ? unknownSettings : await readSettings(browser, chosen)
  const state = withExtras(checkOf(memory), { tab: tabs?.finding ?? 'unknown', isMuted: tabs?.isMuted ?? false, settings: set }, now_)
  const ruled = settings.rules.find((rule) => rule.origin === chosen)?.permissions ?? []
  return {
    browser: kindOf(browser),
    version: browser.runtime.getManifest().version,
    language: settings.language,
    sites,
    chosen,
    lines: checkLines.map((line) => ({ line, ...state.lines[line] })) as ScreenState['lines'],
    roundTripMs: state.network.roundTripMs,
    reportAt: memory?.report?.receivedAt ?? null,
    isOpen: (tabs?.open.length ?? 0) > 0,
    extras: { tab: tabs?.finding ?? 'unknown', isMuted: tabs?.isMuted ?? false, ...set },
    canSet: canSet(browser),
    // Changed elsewhere meanwhile, it is no longer ours to speak of.
    setByUs: ruled.filter((kind) => set[kind] === 'allow'),
    waiting: {
      people: peopleOf(present.tabs),
      rings: whoRings(settings, present),
    },
    ring: { how: ringer.how, ...settings.ring },
    notifies: browser.notifications ? 'yes' : canAskToNotify(browser) ? 'needs-consent' : 'no',
    reminders: settings.reminders,
    nextAt: dueStarts(memory?.startsAt ?? [], now_)[0] ?? null,
    quiet: memory?.quiet ?? null,
    devices: memory?.devices ?? null,
  }
}

const unknownSettings: SiteSettings = { camera: 'unknown', microphone: 'unknown', notifications: 'unknown' }

export function kindOf(browser: ExtensionBrowser): ScreenState['browser'] {
  if (browser.offscreen) return 'chromium'
  return typeof browser.runtime.getBrowserInfo === 'function' ? 'firefox' : 'safari'
}

const isOptional = (browser: ExtensionBrowser, permission: string) =>
  ((browser.runtime.getManifest().optional_permissions ?? []) as readonly string[]).includes(permission)

function canSet(browser: ExtensionBrowser): ScreenState['canSet'] {
  if (browser.contentSettings) return 'yes'
  return isOptional(browser, 'contentSettings') ? 'needs-consent' : 'no'
}

const canAskToNotify = (browser: ExtensionBrowser) => isOptional(browser, 'notifications')

function whoRings(settings: Settings, present: Awaited<ReturnType<Context['store']['present']>>): ScreenState['waiting']['rings'] {
  if (present.rings) return settings.ring.wasPlaying === false ? 'nobody' : 'extension'
  return present.tabs.some((tab) => tab.people > 0 && tab.ring === 'here') ? 'page' : 'nobody'
}

/** The page's report as the state that the page had it from. */
export function checkOf(memory: SiteMemory | null): CheckState {
  const report = memory?.report?.report
  if (!report) return beginCheck
  const lines = Object.fromEntries(report.lines.map(({ line, finding, foundAt }) => [line, { finding, foundAt }]))
  return { ...beginCheck, lines: { ...beginCheck.lines, ...lines }, network: { roundTripMs: report.roundTripMs } }
}

export type Extras = {
  readonly tab: ScreenState['extras']['tab']
  readonly isMuted: boolean
  readonly settings: SiteSettings
}

/** With what no page can know, and what was changed in the browser since the page looked. */
export function withExtras(before: CheckState, { tab, isMuted, settings }: Extras, at: number): CheckState {
  let state = check(before, { type: 'found', line: 'tab', finding: tab, at })
  if (isMuted) state = check(state, { type: 'found', line: 'sound', finding: 'tab-muted', at })
  for (const type of ['camera', 'microphone'] as const) {
    const finding = settledDevice(before.lines[type].finding, settings[type])
    if (finding) state = check(state, { type, finding, at })
  }
  const notices = settledNotices(before.lines.notifications.finding, settings.notifications)
  return notices ? check(state, { type: 'found', line: 'notifications', finding: notices, at }) : state
}

type Setting = SiteSettings[SitePermission]

/** Null: the page's own word stands. */
function settledDevice(found: string, setting: Setting): 'denied' | 'granted' | 'not-asked' | null {
  const isRefused = found === 'denied' || found === 'dismissed'
  if (setting === 'block') return found === 'denied' ? null : 'denied'
  if (setting === 'allow') return isRefused || found === 'not-asked' || found === 'unknown' ? 'granted' : null
  return setting === 'ask' && (found === 'denied' || found === 'granted') ? 'not-asked' : null
}

function settledNotices(found: string, setting: Setting): 'blocked' | 'ready' | 'not-asked' | null {
  if (setting === 'block') return found === 'blocked' ? null : 'blocked'
  if (setting === 'allow') return found === 'ready' ? null : 'ready'
  return setting === 'ask' && (found === 'blocked' || found === 'ready') ? 'not-asked' : null
}
