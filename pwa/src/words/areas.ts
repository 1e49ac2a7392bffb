import type { BackgroundsWords } from './backgrounds.en.ts'
import type { CheckWords } from './check.en.ts'
import type { DevicesWords } from './devices.en.ts'
import type { HelpWords } from './help.en.ts'
import type { JoinWords } from './join.en.ts'
import type { PeopleWords } from './people.en.ts'
import type { PracticeWords } from './practice.en.ts'
import type { RecoveryWords } from './recovery.en.ts'
import type { ScheduleWords } from './schedule.en.ts'
import type { SessionWords } from './session.en.ts'
import type { ShellWords } from './shell.en.ts'
import type { StoppedWords } from './stopped.en.ts'
import type { SyncWords } from './sync.en.ts'
import type { TroublesWords } from './troubles.en.ts'
import { wordArea } from './i18n.ts'

/**
 * Every area of words, one per part of the screen. Only the language in use is ever loaded, and the patient's page
 * leaves out the areas that it does not name (hence the annotations).
 */
export const shellWords = /* @__PURE__ */ wordArea<ShellWords>({
  en: () => import('./shell.en.ts'),
  es: () => import('./shell.es.ts'),
})
export const scheduleWords = /* @__PURE__ */ wordArea<ScheduleWords>({
  en: () => import('./schedule.en.ts'),
  es: () => import('./schedule.es.ts'),
})
export const practiceWords = /* @__PURE__ */ wordArea<PracticeWords>({
  en: () => import('./practice.en.ts'),
  es: () => import('./practice.es.ts'),
})
export const sessionWords = /* @__PURE__ */ wordArea<SessionWords>({
  en: () => import('./session.en.ts'),
  es: () => import('./session.es.ts'),
})
export const helpWords = /* @__PURE__ */ wordArea<HelpWords>({
  en: () => import('./help.en.ts'),
  es: () => import('./help.es.ts'),
})
export const devicesWords = /* @__PURE__ */ wordArea<DevicesWords>({
  en: () => import('./devices.en.ts'),
  es: () => import('./devices.es.ts'),
})
export const joinWords = /* @__PURE__ */ wordArea<JoinWords>({
  en: () => import('./join.en.ts'),
  es: () => import('./join.es.ts'),
})
export const stoppedWords = /* @__PURE__ */ wordArea<StoppedWords>({
  en: () => import('./stopped.en.ts'),
  es: () => import('./stopped.es.ts'),
})
export const troublesWords = /* @__PURE__ */ wordArea<TroublesWords>({
  en: () => import('./troubles.en.ts'),
  es: () => import('./troubles.es.ts'),
})
export const peopleWords = /* @__PURE__ */ wordArea<PeopleWords>({
  en: () => import('./people.en.ts'),
  es: () => import('./people.es.ts'),
})
export const syncWords = /* @__PURE__ */ wordArea<SyncWords>({
  en: () => import('./sync.en.ts'),
  es: () => import('./sync.es.ts'),
})
export const recoveryWords = /* @__PURE__ */ wordArea<RecoveryWords>({
  en: () => import('./recovery.en.ts'),
  es: () => import('./recovery.es.ts'),
})
export const checkWords = /* @__PURE__ */ wordArea<CheckWords>({
  en: () => import('./check.en.ts'),
  es: () => import('./check.es.ts'),
})
export const backgroundsWords = /* @__PURE__ */ wordArea<BackgroundsWords>({
  en: () => import('./backgrounds.en.ts'),
  es: () => import('./backgrounds.es.ts'),
})
