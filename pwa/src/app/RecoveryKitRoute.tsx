import { may } from '@alcove/shared/domain/practice'
import { useNavigate } from '@solidjs/router'
import type { JSX } from 'solid-js'
import { RecoveryKitPage } from '../features/recovery/RecoveryKitPage.tsx'
import { useApp } from './app-context.ts'

export function RecoveryKitRoute(): JSX.Element {
  const app = useApp()
  const navigate = useNavigate()
  return (
    <RecoveryKitPage
      doors={app.recovery}
      practice={app.practiceState()}
      kit={app.kits()?.kits.findLast(({ member }) => member === app.practiceState().me.id) ?? null}
      page={app.page}
      replaceRoom={may(app.practiceState().me, 'replace-own-room') && app.runningAppointmentId() === null ? app.people.replaceRoom : null}
      onLeave={() => navigate('/')}
    />
  )
}
