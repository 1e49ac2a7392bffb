import type { TabMemory } from './stored.ts'

export type LiveTab = TabMemory & {
  /** By the person, in the browser: whatever the page plays, nobody hears it. */
  readonly isMuted: boolean
  /** Before the person's eyes: the chosen tab of the window in front. */
  readonly isInFront: boolean
}

export type RingPlan = {
  /** People who wait, over all sites; tabs of one site see the same people. */
  readonly people: number
  readonly rings: { readonly by: 'nobody' } | { readonly by: 'extension' } | { readonly by: 'page'; readonly tabId: number }
  /** For each tab: whether it must be silent. */
  readonly isQuiet: ReadonlyMap<number, boolean>
  /** Somebody is to be called, and no page that says so is before the person's eyes. */
  readonly callsForNotice: boolean
}

/** People who wait, over all sites: tabs of one site see the same people, and one that answers for another device sees none. */
export function peopleOf(tabs: readonly Pick<TabMemory, 'origin' | 'people'>[]): number {
  const sites = new Map<string, number>()
  for (const { origin, people } of tabs) sites.set(origin, Math.max(people, sites.get(origin) ?? 0))
  return [...sites.values()].reduce((sum, one) => sum + one, 0)
}

/**
 * Who rings, when people wait: one page that can be heard, the one that does it already if there is one; else the extension.
 * A tab that was muted is not heard, whatever it says.
 * @param canRing whether this browser lets the extension make a sound.
 */
export function ringPlan(tabs: readonly LiveTab[], canRing: boolean): RingPlan {
  const calling = tabs.filter((tab) => tab.people > 0 && tab.ring !== 'none')
  const audible = calling.filter((tab) => tab.ring === 'here' && !tab.isMuted)
  // One that was not told to be silent is the one that rings, also while it waits to be told again.
  const chosen =
    audible.find((tab) => tab.isQuiet === false) ??
    audible.find((tab) => tab.isQuiet === null) ??
    audible.find((tab) => tab.isInFront) ??
    audible[0]
  const rings = chosen
    ? ({ by: 'page', tabId: chosen.tabId } as const)
    : calling.length > 0 && canRing
      ? ({ by: 'extension' } as const)
      : ({ by: 'nobody' } as const)
  return {
    people: peopleOf(tabs),
    rings,
    isQuiet: new Map(tabs.map((tab) => [tab.tabId, rings.by !== 'nobody' && !(rings.by === 'page' && rings.tabId === tab.tabId)])),
    callsForNotice: calling.length > 0 && !calling.some((tab) => tab.isInFront),
  }
}
