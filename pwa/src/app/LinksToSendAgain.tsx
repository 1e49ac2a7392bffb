import type { PatientId } from '@alcove/shared/domain/ids'
import { fullName } from '@alcove/shared/domain/patient'
import { createMemo, type JSX, onCleanup, Show } from 'solid-js'
import { createLinksToSend, type LinkToSend } from '../features/practice/links-to-send.ts'
import { LinksToSendCard } from '../features/practice/LinksToSendCard.tsx'
import { useApp } from './app-context.ts'

/** After my waiting room was replaced. */
export function LinksToSendAgain(props: { readonly heading?: 'h2' | 'h3' }): JSX.Element {
  const app = useApp()
  const me = createMemo(() => app.practiceState().me.id)
  const roomSince = createMemo(() => app.peopleState()?.roomSince ?? null)
  const links = createMemo(() => {
    const since = roomSince()
    if (since === null) return null
    const { clock, schedule, journal } = app
    const made = createLinksToSend({ clock, schedule, journal, me: me(), roomSince: since })
    onCleanup(made.close)
    return made
  })
  const patientOf = (id: PatientId) => app.patientList().find((patient) => patient.id === id)
  async function urlOf({ patientId, next }: LinkToSend): Promise<string | null> {
    const { practice, me: clinician } = app.practiceState()
    const patient = patientOf(patientId)
    if (!patient) return null
    const link = await app.links.ofPatient({ practice, clinician, patient, firstStartAt: next.firstStartAt })
    return link.kind === 'ready' ? link.url : null
  }
  return (
    <Show when={links()} keyed>
      {(present) => (
        <LinksToSendCard
          links={present}
          nameOf={(id) => fullName(patientOf(id) ?? { firstName: '', lastName: '' })}
          urlOf={urlOf}
          page={app.page}
          heading={props.heading ?? 'h2'}
        />
      )}
    </Show>
  )
}
