import { instant, list, text } from '@alcove/shared/protocol/fields'
import { checkReport } from '@alcove/shared/protocol/extension-messages'
import { languageChoices, quietProblems, reminders, siteOrigin, sitePermissions } from '@alcove/shared/protocol/extension-inside'
import * as v from '@alcove/shared/protocol/schema'
import type { ExtensionBrowser } from '../browser.ts'

/**
 * All that the background remembers: the browser may end it between any two lines. Times, counts, findings and addresses of
 * sites; no name, no key, no link. What does not decode (an older version's) counts as not there.
 */
export const maxSites = 20
/** Tabs of Alcove at a time; of more, the latest. */
export const maxTabs = 100

/** For good, of all sites. */
const settings = v.strictObject({
  sites: list(siteOrigin, maxSites),
  chosen: v.nullable(siteOrigin),
  language: v.picklist(languageChoices),
  reminders,
  ring: v.strictObject({
    wasPlaying: v.nullable(v.boolean()),
    wasHeard: v.nullable(v.boolean()),
    testedAt: v.nullable(instant),
  }),
  /** What was set for a site on the person's word, in Chromium's content settings. */
  rules: list(v.strictObject({ origin: siteOrigin, permissions: list(v.picklist(sitePermissions), sitePermissions.length) }), maxSites),
  /** False from the decision until the browser's settings are as `rules` says. */
  areRulesApplied: v.boolean(),
  /** Every reminder that was due until then has been looked at. */
  lookedUntil: instant,
})
export type Settings = v.InferOutput<typeof settings>

/** For good, of one site. */
const site = v.strictObject({
  report: v.nullable(v.strictObject({ report: checkReport, receivedAt: instant })),
  startsAt: list(instant, 64),
  quiet: v.nullable(v.strictObject({ at: instant, problems: list(v.picklist(quietProblems), quietProblems.length) })),
  devices: v.nullable(
    v.strictObject({
      camera: v.nullable(text(120)),
      microphone: v.nullable(text(120)),
      speaker: v.nullable(text(120)),
    }),
  ),
})
export type SiteMemory = v.InferOutput<typeof site>

const tab = v.strictObject({
  tabId: instant,
  origin: siteOrigin,
  people: instant,
  ring: v.picklist(['none', 'here', 'needed']),
  inSession: v.boolean(),
  /** What the page was told last; null when it has to be told (again). */
  isQuiet: v.nullable(v.boolean()),
})
export type TabMemory = v.InferOutput<typeof tab>

/** Until the browser is closed. */
const present = v.strictObject({
  tabs: list(tab, maxTabs),
  /** People for whom the system's notification was shown. */
  notified: instant,
  /** The extension rings. */
  rings: v.boolean(),
})
export type Present = v.InferOutput<typeof present>

const newSettings: Settings = {
  sites: [],
  chosen: null,
  language: 'browser',
  reminders: { isOn: false, minutesBefore: [10] },
  ring: { wasPlaying: null, wasHeard: null, testedAt: null },
  rules: [],
  areRulesApplied: true,
  lookedUntil: 0,
}
const newSite: SiteMemory = { report: null, startsAt: [], quiet: null, devices: null }
const newPresent: Present = { tabs: [], notified: 0, rings: false }

export type Store = {
  settings(): Promise<Settings>
  site(origin: string): Promise<SiteMemory>
  present(): Promise<Present>
  /** One write each; nothing else runs between reading and writing (the background does one thing at a time). */
  changeSettings(change: (before: Settings) => Settings): Promise<Settings>
  changeSite(origin: string, change: (before: SiteMemory) => SiteMemory): Promise<SiteMemory>
  changePresent(change: (before: Present) => Present): Promise<Present>
  forgetSite(origin: string): Promise<void>
}

export function createStore({ local, session }: Pick<ExtensionBrowser['storage'], 'local' | 'session'>): Store {
  type Area = Pick<typeof local, 'get' | 'set' | 'remove'>

  function kept<T>(area: Area, key: string, schema: v.GenericSchema<unknown, T>, fresh: T) {
    const read = async (): Promise<T> => {
      const parsed = v.safeParse(schema, (await area.get(key))[key])
      return parsed.success ? parsed.output : fresh
    }
    const change = async (by: (before: T) => T): Promise<T> => {
      const before = await read()
      const after = by(before)
      if (after !== before) await area.set({ [key]: after })
      return after
    }
    return { read, change }
  }

  const ofSettings = kept(local, 'settings', settings, newSettings)
  const ofPresent = kept(session, 'present', present, newPresent)
  const siteKey = (origin: string) => `site ${origin}`
  const ofSite = (origin: string) => kept(local, siteKey(origin), site, newSite)

  return {
    settings: ofSettings.read,
    present: ofPresent.read,
    site: (origin) => ofSite(origin).read(),
    changeSettings: ofSettings.change,
    changePresent: ofPresent.change,
    changeSite: (origin, change) => ofSite(origin).change(change),
    forgetSite: (origin) => local.remove(siteKey(origin)),
  }
}
