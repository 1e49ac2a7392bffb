import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { type JSX, Show } from 'solid-js'
import { joinWords } from '../../app/words/areas.ts'
import type { Page } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { AppointmentCard } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'
import type { PageLanguage } from './page-language.ts'
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
  readonly language: PageLanguage
  readonly page: Pick<Page, 'copyText'>
  readonly onReload: () => void
}

/** Why nothing can begin here, said before any form. */
export function ObstaclePage(props: ObstaclePageProps): JSX.Element {
  const elsewhere = () => props.obstacle === 'unsupported-browser' || props.obstacle === 'insecure-page'
  const startAt = () => (props.card?.startMinutes == null ? null : props.card.startMinutes * 60_000)
  return (
    <VisitFrame practice={props.card?.practice ?? ''} language={props.language}>
      <MessageView
        quiet
        title={joinWords().obstacle[props.obstacle].title}
        text={joinWords().obstacle[props.obstacle].text}
        actions={
          <Show when={props.obstacle === 'newer-link'}>
            <Button kind="primary" onClick={props.onReload}>
              {joinWords().reload}
            </Button>
          </Show>
        }
      >
        <Show when={elsewhere() && props.inApp}>
          <p>{joinWords().inApp}</p>
        </Show>
        <Show when={elsewhere()}>
          <CopyField
            label={joinWords().link.label}
            value={props.linkText}
            copyLabel={joinWords().link.copy}
            copiedWords={joinWords().link.copied}
            failedWords={joinWords().link.failed}
            copy={(text) => props.page.copyText(text)}
          />
        </Show>
        <Show when={props.card}>{(card) => <AppointmentCard of={{ card: card(), startAt: startAt(), now: props.now }} />}</Show>
      </MessageView>
    </VisitFrame>
  )
}
