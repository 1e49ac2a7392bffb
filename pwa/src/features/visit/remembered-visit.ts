import type { VisitPhase } from '@alcove/shared/domain/visit'
import { callId, hash, instant, text } from '@alcove/shared/protocol/fields'
import * as v from '@alcove/shared/protocol/schema'
import type { VisitMemory } from './visit-deps.ts'

/** What a reload of the patient's page must not lose. */
export type RememberedVisit = {
  /** Of the link, as it stood in the address bar. */
  readonly fragment: string
  readonly name: string
  readonly phase: VisitPhase
  readonly startAt: number | null
  /** Hash of the last knock: notes about an ended session still answer it. */
  readonly knock: string | null
}

const phase = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['declined', 'removed', 'replaced-link', 'full', 'left']) }),
  v.strictObject({ kind: v.literal('waiting'), sinceAt: instant, heard: v.boolean(), moment: v.boolean() }),
  v.strictObject({ kind: v.literal('early'), startAt: instant, opensAt: instant }),
  v.strictObject({ kind: v.literal('in-session'), call: callId, startedAt: instant }),
  v.strictObject({ kind: v.literal('ended'), call: callId, iWantRestart: v.boolean(), clinicianWantsRestart: v.boolean() }),
])
const remembered = v.strictObject({
  fragment: text(4096),
  name: text(80),
  phase,
  startAt: v.nullable(instant),
  knock: v.nullable(hash),
})

export function readVisit(memory: VisitMemory): RememberedVisit | null {
  try {
    const parsed = v.safeParse(remembered, JSON.parse(memory.read() ?? 'null'))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** The link of this tab's visit, once the address bar does not hold it any more. */
export function rememberedFragment(memory: VisitMemory): string | null {
  return readVisit(memory)?.fragment ?? null
}
