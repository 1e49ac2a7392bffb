import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { createSignal, type JSX } from 'solid-js'
import { joinWords } from '../../words/areas.ts'
import type { HelpTopic } from '../../words/help.en.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ChevronLeft } from '../../ui/icons.ts'
import { HelpPage } from '../help/HelpPage.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'

export type VisitHelpProps = {
  readonly deps: Pick<VisitPageDeps, 'steps' | 'page'>
  readonly first: HelpTopic
  readonly card: LinkCard
  readonly onBack: () => void
}

/** S43, S44: over the visit, which goes on behind it. Fetched when it is asked for. */
export function VisitHelp(props: VisitHelpProps): JSX.Element {
  const [topic, setTopic] = createSignal(props.first)
  const { practice, phone, email } = props.card
  return (
    <HelpPage
      topic={topic()}
      browser={props.deps.steps}
      contact={{ kind: 'practice', practice, phone, email }}
      page={props.deps.page}
      navigation={{ kind: 'buttons', onTopic: setTopic }}
      back={
        <div>
          <Button ref={(button) => queueMicrotask(() => button.focus())} icon={<Icon of={ChevronLeft} />} onClick={props.onBack}>
            {joinWords().backFromHelp}
          </Button>
        </div>
      }
    />
  )
}
