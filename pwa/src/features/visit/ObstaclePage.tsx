import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { type JSX, Show } from 'solid-js'
import { stoppedWords } from '../../words/areas.ts'
import type { Page } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { AppointmentCard } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'
import { VisitFrame } from './VisitFrame.tsx'
import type { VisitObstacle } from './visit-state.ts'

export type ObstaclePageProps = {
  readonly obstacle: VisitObstacle
  /** Where the link could be read: whom and when to call. */
  readonly card: LinkCard | null
  readonly linkText: string
  readonly inApp: boolean
  /** Epoch ms. */
  readonly now: number
  readonly onLanguage: () => void
  readonly page: Pick<Page, 'copyText'>
  readonly onReload: () => void
}

/** Why nothing can begin here, said before any form. */
export function ObstaclePage(props: ObstaclePageProps): JSX.Element {
  const elsewhere = () => props.obstacle === 'unsupported-browser' || props.obstacle === 'insecure-page'
  const startAt = () => (props.card?.startMinutes == null ? null : props.card.startMinutes * 60_000)
  return (
    <VisitFrame practice={props.card?.practice ?? ''} onLanguage={props.onLanguage}>
      <MessageView
        quiet
        title={stoppedWords().obstacle[props.obstacle].title}
        text={stoppedWords().obstacle[props.obstacle].text}
        actions={
          <Show when={props.obstacle === 'newer-link'}>
            <Button kind="primary" onClick={props.onReload}>
              {stoppedWords().reload}
            </Button>
          </Show>
        }
      >
        <Show when={elsewhere() && props.inApp}>
          <p>{stoppedWords().inApp}</p>
        </Show>
        <Show when={elsewhere()}>
          <CopyField
            label={stoppedWords().link.label}
            value={props.linkText}
            copyLabel={stoppedWords().link.copy}
            copiedWords={stoppedWords().link.copied}
            failedWords={stoppedWords().link.failed}
            copy={(text) => props.page.copyText(text)}
          />
        </Show>
        <Show when={props.card}>{(card) => <AppointmentCard of={{ card: card(), startAt: startAt(), now: props.now }} />}</Show>
      </MessageView>
    </VisitFrame>
  )
}
