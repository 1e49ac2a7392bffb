import type { Reminders } from '@alcove/shared/protocol/extension-inside'

const minuteMs = 60_000

/**
 * When to look, for appointments that start then: every moment after `afterAt`, ascending, without those whose start is
 * already past at `now` (the computer slept through them).
 */
export function dueTimes(
  startsAt: readonly number[],
  reminders: Reminders,
  { afterAt, now }: { readonly afterAt: number; readonly now: number },
): readonly number[] {
  if (!reminders.isOn) return []
  const due = startsAt
    .filter((at) => at > now)
    .flatMap((at) => reminders.minutesBefore.map((minutes) => at - minutes * minuteMs))
    .filter((at) => at > afterAt)
  return [...new Set(due)].sort((a, b) => a - b)
}

/** Starts that are still to come, ascending. */
export const dueStarts = (startsAt: readonly number[], now: number): readonly number[] =>
  startsAt.filter((at) => at > now).sort((a, b) => a - b)
