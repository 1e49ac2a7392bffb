import type { Page, Sound, Stop } from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { Visit, VisitPhase } from './visit-state.ts'

export type VisitSurroundingsDeps = {
  readonly visit: Pick<Visit, 'state' | 'subscribe'>
  readonly media: Pick<LocalMedia, 'open' | 'close'>
  readonly sound: Pick<Sound, 'softTone'>
  readonly page: Pick<Page, 'setTitle'>
  readonly title: (phase: VisitPhase['kind']) => string
}

/** What happens around the visit: devices are open only while they are needed, the title tells, a tone says "come in". */
export function createVisitSurroundings({ visit, media, sound, page, title }: VisitSurroundingsDeps): Stop {
  let shown: VisitPhase['kind'] | null = null
  function follow(): void {
    const { kind } = visit.state().phase
    page.setTitle(title(kind))
    if (kind === shown) return
    const before = shown
    shown = kind
    if (needsDevices(kind)) void media.open()
    else media.close()
    if (kind === 'in-session' && before === 'waiting') sound.softTone()
  }
  follow()
  return visit.subscribe(follow)
}

function needsDevices(kind: VisitPhase['kind']): boolean {
  return kind === 'welcome' || kind === 'waiting' || kind === 'in-session'
}
