import type { Clock, Page, Preferences, Sound, Stop } from '../../ports.ts'
import type { StepsKey } from '../device-check/browser.ts'
import type { OpenCheck } from '../device-check/check-engine.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { RememberedName } from './remembered-name.ts'
import type { Visit } from './visit-state.ts'

/** What the patient's page is made of; `join.tsx` hands it in. */
export type VisitPageDeps = {
  readonly visit: Visit
  readonly media: LocalMedia
  readonly sound: Sound
  readonly page: Page
  readonly clock: Clock
  readonly preferences: Preferences
  readonly steps: StepsKey
  readonly openCheck: OpenCheck
  readonly canShareScreen: boolean
  /** The name as it is known when the page opens; empty for a first visit. */
  readonly firstName: string
  readonly rememberedName: RememberedName
  /** After **Join Waiting Room**: takes the link's secret out of the address bar. */
  readonly hideLink: () => void
  /** The help is a step that the browser's Back undoes: on a phone Back is how a page is closed. */
  readonly helpStep: {
    readonly enter: () => void
    readonly leave: () => void
    /** Calls back when Back, or `leave`, has undone it. */
    readonly watch: (onUndone: () => void) => Stop
  }
  readonly reload: () => void
  /** The clinician's app is open in this browser too: two pages in one room echo. */
  readonly sessionBeside: () => Promise<boolean>
}
