import type { JSX } from 'solid-js'
import { checkWords, troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { AlwaysAllowSteps } from './AlwaysAllowSteps.tsx'
import type { StepsKey } from './browser.ts'
import { CheckPanel } from './CheckPanel.tsx'
import type { OpenCheck } from './check-engine.ts'
import type { LocalMedia } from './local-media-state.ts'

/** What folds out below Welcome!, fetched when it is asked for. */
type Inside = () => JSX.Element

/** S14 */
export async function alwaysAllow(props: { readonly steps: StepsKey }): Promise<Inside> {
  await use(troublesWords)
  return () => AlwaysAllowSteps(props)
}

/** The rest of the device check, begun when it is drawn. */
export async function moreChecks(props: { readonly media: LocalMedia; readonly openCheck: OpenCheck }): Promise<Inside> {
  const [begin] = await Promise.all([props.openCheck(), use(checkWords)])
  return () => CheckPanel({ begin, media: props.media })
}
