import { Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import type { Acceptance } from './acceptance.ts'
import { formatWhen } from './session-time.ts'
import { shownName } from './waiting-names.ts'

/** Nobody who waits for appointment B gets into session A by one click. */
export function AcceptQuestion(props: {
  readonly acceptance: Acceptance
  readonly hideNames: boolean
  /** Why nobody can be let in now. */
  readonly held: string | null
  readonly now: number
}) {
  return (
    <Show when={props.acceptance.asking()}>
      {(entry) => {
        const name = () => shownName(entry(), props.hideNames)
        const when = () => {
          const appointment = entry().appointment
          return appointment && formatWhen(appointment.startAt, props.now)
        }
        return (
          <Dialog
            role="alertdialog"
            size="small"
            title={sessionWords().people.otherTitle}
            onClose={props.acceptance.cancel}
            footer={
              <>
                <Button onClick={props.acceptance.cancel} autofocus>
                  {sessionWords().people.cancel}
                </Button>
                <Button kind="primary" busy={props.held !== null} onClick={() => void props.acceptance.confirm()}>
                  {sessionWords().people.otherAccept(name())}
                </Button>
              </>
            }
          >
            <p>{sessionWords().people.otherText(name(), when())}</p>
            <p role="status">{props.held}</p>
          </Dialog>
        )
      }}
    </Show>
  )
}
