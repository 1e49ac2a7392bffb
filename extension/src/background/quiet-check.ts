import type { QuietProblem } from '@alcove/shared/protocol/extension-inside'
import type { DeviceCount } from '../ring/count-devices.ts'
import { readSettings, type SiteSettings } from './content-rules.ts'
import type { Context } from './context.ts'
import { hasAccess } from './site-tabs.ts'
import type { SiteMemory } from './stored.ts'

export type QuietFacts = {
  readonly settings: SiteSettings
  readonly count: DeviceCount | null
  readonly server: 'ready' | 'offline' | 'unreachable'
  readonly report: SiteMemory['report']
}

/** What is known to be wrong, without opening a device or a tab. What the browser does not tell is taken from the page's last check. */
export function quietFindings({ settings, count, server, report }: QuietFacts): QuietProblem[] {
  const found = new Map(report?.report.lines.map(({ line, finding }) => [line, finding]))
  const isBlocked = (kind: keyof SiteSettings, word: string) =>
    settings[kind] === 'block' || (settings[kind] === 'unknown' && found.get(kind) === word)
  const hadCamera = !['not-found', 'unknown', 'looking', undefined].includes(found.get('camera'))
  const problems: readonly (QuietProblem | false)[] = [
    isBlocked('camera', 'denied') && 'camera-blocked',
    isBlocked('microphone', 'denied') && 'microphone-blocked',
    isBlocked('notifications', 'blocked') && 'notifications-blocked',
    // Who never had a camera does not miss one.
    count?.cameras === 0 && hadCamera && 'camera-missing',
    count?.microphones === 0 && 'microphone-missing',
    server !== 'ready' && server,
  ]
  return problems.filter((one) => one !== false)
}

export async function quietCheck(context: Context, origin: string): Promise<QuietProblem[]> {
  const { browser, store, ringer } = context
  if (!(await hasAccess(browser, origin))) return ['no-access']
  const { report } = await store.site(origin)
  const [settings, count, server] = await Promise.all([readSettings(browser, origin), ringer.count(), context.reach(origin)])
  if (!(await store.present()).rings) await ringer.stop()
  return quietFindings({ settings, count, server, report })
}
