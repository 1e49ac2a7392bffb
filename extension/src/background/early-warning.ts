import { noticesWords } from '../words/notices.ts'
import type { Context } from './context.ts'
import { quietCheck } from './quiet-check.ts'
import { dueTimes } from './reminders.ts'

export const earlyAlarm = 'early'
export const earlyNotice = 'early'
/** Killed in the middle of a look, it begins again so much later. */
const againMs = 60_000

/**
 * Looks if a reminder is due, speaks up only when something is wrong, and sets the alarm for the next one.
 * @returns whether it looked.
 */
export async function warnEarly(context: Context): Promise<boolean> {
  const { browser, store } = context
  const now = context.now()
  const { reminders, sites, lookedUntil } = await store.settings()
  const startsAt = new Map<string, readonly number[]>()
  for (const origin of sites) startsAt.set(origin, (await store.site(origin)).startsAt)
  const due = (origin: string, afterAt: number) => dueTimes(startsAt.get(origin) ?? [], reminders, { afterAt, now })

  const concerned = sites.filter((origin) => due(origin, lookedUntil).some((at) => at <= now))
  if (concerned.length > 0) {
    browser.alarms.create(earlyAlarm, { when: now + againMs })
    for (const origin of concerned) {
      const problems = await quietCheck(context, origin)
      await store.changeSite(origin, (before) => ({ ...before, quiet: { at: now, problems } }))
      if (problems.length > 0) await speakUp(context, origin, problems)
    }
    await store.changeSettings((before) => ({ ...before, lookedUntil: now }))
  }

  const next = sites.flatMap((origin) => due(origin, now)).sort((a, b) => a - b)[0]
  if (next === undefined) await browser.alarms.clear(earlyAlarm)
  else browser.alarms.create(earlyAlarm, { when: next })
  return concerned.length > 0
}

/** The popup shows this site from now on: it is the one that the click is about. */
async function speakUp(context: Context, origin: string, problems: Awaited<ReturnType<typeof quietCheck>>): Promise<void> {
  const { language } = await context.store.changeSettings((before) => ({ ...before, chosen: origin }))
  const words = noticesWords(context.locale(language))
  // Refused by the system: the badge and the popup say it, too.
  await context.browser.notifications
    ?.create(earlyNotice, {
      type: 'basic',
      iconUrl: 'icons/icon-128.png',
      title: words.warning,
      message: problems.map((one) => words.quiet[one]).join('\n'),
      ...(context.browser.offscreen ? { buttons: [{ title: words.check }] } : {}),
    })
    .catch(() => undefined)
}
