import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import type { Screen } from '../ui/screen.ts'
import type { ScreenPort } from '../ui/screen-port.ts'

/** What every section of the options page gets. */
export type SectionProps = { readonly state: ScreenState; readonly screen: Screen; readonly port: ScreenPort }
