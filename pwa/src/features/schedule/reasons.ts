import type { Appointment } from '@alcove/shared/domain/appointment'
import type { IneligibleReason } from '@alcove/shared/domain/eligibility'
import { type Action, type Member, may, whomToAsk } from '@alcove/shared/domain/practice'
import type { ScheduleWords } from '../../words/schedule.en.ts'

export type ReasonContext = {
  readonly words: ScheduleWords
  readonly me: Member
  readonly members: readonly Member[]
  readonly saved: Appointment | null
  readonly now: number
  /** `12:00 PM` */
  readonly formatTime: (at: number) => string
  /** `Tuesday, November 24` */
  readonly formatDay: (at: number) => string
  /** `A or B` */
  readonly formatChoice: (names: readonly string[]) => string
}

/** Why the appointment cannot be started, in one plain sentence or two: the second says what or whom to turn to. */
export function reasonSentences(reason: IneligibleReason, context: ReasonContext): readonly string[] {
  const { words, members, saved } = context
  const say = words.reasons
  switch (reason.kind) {
    case 'unsaved':
      return [say.unsaved]
    case 'type':
      return [say.type(saved ? words.types[saved.type] : '')]
    case 'telehealth-off':
      return [say.telehealthOff, ...ask('change-telehealth', say.askToTurnOn, say.turnOnYourself, context)]
    case 'not-a-clinician':
      return [say.notAClinician, ...ask('add-clinician', say.askForRole, null, context)]
    case 'other-clinician':
      return [say.otherClinician(members.find(({ id }) => id === reason.clinicianId)?.name ?? '')]
    case 'no-patient':
      return [say.noPatient]
    case 'telehealth-not-selected':
      return [say.telehealthNotSelected]
    case 'missed':
      return [say.missed]
    case 'cancelled':
      return [say.cancelled]
    case 'not-open-yet':
      return [atTime(reason.opensAt, say.opensAt, say.opensAtOn, context)]
    case 'closed':
      return [atTime(reason.closesAt, say.closedAt, say.closedAtOn, context)]
  }
}

function ask(
  action: Action,
  sentence: (who: string) => string,
  yourself: string | null,
  { words, me, members, formatChoice }: ReasonContext,
): readonly string[] {
  if (may(me, action)) return yourself === null ? [] : [yourself]
  const names = whomToAsk(members, action).map(({ name }) => name)
  const { anAdministrator, administrator, administrators } = words.reasons
  if (names.length === 0) return [sentence(anAdministrator)]
  return [sentence(names.length === 1 ? administrator(names[0] as string) : administrators(formatChoice(names)))]
}

function atTime(
  at: number,
  today: (time: string) => string,
  otherDay: (time: string, day: string) => string,
  { now, formatTime, formatDay }: ReasonContext,
): string {
  return formatDay(at) === formatDay(now) ? today(formatTime(at)) : otherDay(formatTime(at), formatDay(at))
}
