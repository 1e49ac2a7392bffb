import type { JSX } from 'solid-js'
import { devicesWords, troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import type { StepsKey } from './browser.ts'
import { LaterDetails } from './LaterDetails.tsx'

/** S14. The steps are fetched when they are asked for. */
export function AlwaysAllowTip(props: { readonly steps: StepsKey }): JSX.Element {
  async function loadSteps() {
    const [{ AlwaysAllowSteps }] = await Promise.all([import('./AlwaysAllowSteps.tsx'), use(troublesWords)])
    return () => AlwaysAllowSteps(props)
  }
  return <LaterDetails summary={devicesWords().alwaysAllow} load={loadSteps} />
}
