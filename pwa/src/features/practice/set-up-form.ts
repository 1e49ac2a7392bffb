import type { Role, TelehealthTier } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { PracticeDraft } from '../../ports.ts'

export type SetUpForm = {
  readonly practiceName: string
  readonly yourName: string
  readonly contactPhone: string
  readonly contactEmail: string
  readonly administrator: boolean
  readonly clinician: boolean
  readonly telehealth: TelehealthTier
}

export type SetUpProblem = 'practice-name' | 'your-name' | 'role' | 'email'

export const emptySetUp: SetUpForm = {
  practiceName: '',
  yourName: '',
  contactPhone: '',
  contactEmail: '',
  administrator: true,
  clinician: true,
  telehealth: 'basic',
}

export function readSetUp(form: SetUpForm): Result<PracticeDraft, readonly SetUpProblem[]> {
  const problems: SetUpProblem[] = []
  if (form.practiceName.trim() === '') problems.push('practice-name')
  if (form.yourName.trim() === '') problems.push('your-name')
  if (!form.administrator && !form.clinician) problems.push('role')
  if (!isEmailOrEmpty(form.contactEmail)) problems.push('email')
  if (problems.length > 0) return err(problems)
  const roles: readonly Role[] = [
    ...(form.administrator ? (['administrator'] as const) : []),
    ...(form.clinician ? (['clinician'] as const) : []),
  ]
  return ok({
    name: form.practiceName.trim(),
    memberName: form.yourName.trim(),
    contactPhone: form.contactPhone.trim(),
    contactEmail: form.contactEmail.trim(),
    roles,
    telehealth: form.telehealth,
  })
}

/** Only what is surely mistyped is refused. */
export function isEmailOrEmpty(text: string): boolean {
  return text.trim() === '' || /^\S+@\S+\.\S+$/.test(text.trim())
}
