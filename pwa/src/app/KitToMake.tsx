import { may } from '@alcove/shared/domain/practice'
import { createMemo, type JSX } from 'solid-js'
import { RecoveryCard } from '../features/recovery/RecoveryCard.tsx'
import { useApp } from './app-context.ts'
import { keepsLog } from './services/keeps-log.ts'

export const kitPath = '/recovery-kit'

/** Asks those who lose something that nobody else could give them again. */
export function KitToMake(): JSX.Element {
  const app = useApp()
  const lacks = createMemo(() => {
    const [kits, { me }] = [app.kits(), app.practiceState()]
    if (!kits || !keepsLog(app.syncState()) || !(may(me, 'start-session') || may(me, 'change-telehealth'))) return null
    const mine = kits.kits.filter(({ member }) => member === me.id)
    if (mine.length === 0) return 'kit'
    return mine.some(({ drilledAt }) => drilledAt !== null) ? null : 'test'
  })
  return <RecoveryCard lacks={lacks()} href={kitPath} />
}
