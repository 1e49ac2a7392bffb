import type { JSX } from 'solid-js'
import { syncWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import type { CatchUp } from '../sync/sync-summary.ts'
import styles from './Log.module.css'
import type { LogDoors } from './log-state.ts'

export type CatchUpBarProps = { readonly catchUp: CatchUp; readonly doors: Pick<LogDoors, 'pause' | 'resume'> }

/** How far a long first sync is; it can be stopped, and goes on when the person says so. */
export function CatchUpBar(props: CatchUpBarProps): JSX.Element {
  const { doors } = props
  return (
    <div class={styles.bar}>
      <Progress value={props.catchUp.total === 0 ? 1 : props.catchUp.done / props.catchUp.total} label={syncWords().progress} />
      <Button onClick={() => (props.catchUp.isStopped ? doors.resume() : doors.pause())}>
        {props.catchUp.isStopped ? syncWords().resume : syncWords().stop}
      </Button>
    </div>
  )
}
