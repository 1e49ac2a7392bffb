import { type SitePermission, type SiteSetting, sitePermissions } from '@alcove/shared/protocol/extension-inside'
import type { ExtensionBrowser } from '../browser.ts'
import { contentPattern } from '../sites.ts'
import type { Context } from './context.ts'

/**
 * Camera, microphone and notifications of a site in Chromium's own settings, on the person's word and for that one origin.
 * First what shall be is written down, then it is done, then that it was done: killed in between, it is done again.
 */

export type SiteSettings = Readonly<Record<SitePermission, SiteSetting>>

/** As the browser has them now, whoever set them. */
export async function readSettings({ contentSettings }: ExtensionBrowser, origin: string): Promise<SiteSettings> {
  const read = async (kind: SitePermission): Promise<SiteSetting> => {
    const found = await contentSettings?.[kind].get({ primaryUrl: `${origin}/` }).catch(() => null)
    const setting = found?.setting
    return setting === 'allow' || setting === 'ask' || setting === 'block' ? setting : 'unknown'
  }
  const [camera, microphone, notifications] = await Promise.all([read('camera'), read('microphone'), read('notifications')])
  return { camera, microphone, notifications }
}

/** Replaces what was decided for the site; an empty list takes it all back. */
export async function decideRules(context: Context, origin: string, permissions: readonly SitePermission[]): Promise<void> {
  const wanted = sitePermissions.filter((one) => permissions.includes(one))
  await context.store.changeSettings((before) => {
    const others = before.rules.filter((rule) => rule.origin !== origin)
    if (wanted.length === 0 && others.length === before.rules.length) return before
    return { ...before, rules: wanted.length > 0 ? [...others, { origin, permissions: wanted }] : others, areRulesApplied: false }
  })
  await applyRules(context)
}

/** Makes the browser's settings what was decided, once. There is no other way to take one back than to clear them all. */
export async function applyRules({ browser, store }: Context): Promise<void> {
  const { rules, areRulesApplied } = await store.settings()
  if (areRulesApplied || !browser.contentSettings) return
  for (const kind of sitePermissions) {
    await browser.contentSettings[kind].clear({})
    for (const rule of rules.filter((one) => one.permissions.includes(kind))) {
      await browser.contentSettings[kind].set({ primaryPattern: contentPattern(rule.origin), setting: 'allow' })
    }
  }
  await store.changeSettings((before) => ({ ...before, areRulesApplied: true }))
}
