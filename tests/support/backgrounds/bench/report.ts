import type { Leaks } from './leaks.ts'
import type { MaskFigures } from '../stills.ts'
import type { Round } from './round.ts'
import { type CallFigures, type HiddenFigures, median } from './scenes.ts'

/** Null: could not be measured, which counts as missed. */
export type Findings = {
  readonly ours: readonly Round[]
  readonly SwiftShader: readonly Round[]
  readonly llvmpipe: readonly Round[]
  readonly leaks: Leaks | null
  readonly peerLeaks: Leaks | null
  readonly call: CallFigures | null
  readonly hidden: HiddenFigures | null
  readonly flicker: number | null
  readonly peerFlicker: number | null
  readonly masks: readonly MaskFigures[] | null
}

type Figure = Exclude<keyof Round, 'renderer'>
type Row = { readonly demand: string; readonly met: boolean; readonly figure: string }

/** Prints each demand with its figure, and as the last line what machines read. @returns whether all are met. */
export function report(findings: Findings, say: (line: string) => void): boolean {
  const ours = (name: Figure) => median(findings.ours.map((round) => round[name]))
  /** The better of both renderers, for this figure. */
  const peer = (name: Figure) => {
    const both = [findings.SwiftShader, findings.llvmpipe]
      .filter((all) => all.length > 0)
      .map((all) => median(all.map((round) => round[name])))
    return name === 'fps' ? Math.max(...both) : Math.min(...both)
  }
  const cpuRatio = ours('cpuMsPerFrame') / peer('cpuMsPerFrame')
  const rows: Row[] = [
    row('distinct frames a second: at least 28.5', ours('fps') >= 28.5, `${ours('fps').toFixed(1)}, the peer ${peer('fps').toFixed(1)}`),
    row(
      "processor time a distinct frame: at most 1/14 of the peer's",
      cpuRatio <= 1 / 14,
      `1/${(1 / cpuRatio).toFixed(1)} (${ours('cpuMsPerFrame').toFixed(1)} ms, the peer ${peer('cpuMsPerFrame').toFixed(0)} ms)`,
    ),
    row(
      'longest task on the main thread: at most 20 ms',
      ours('longestTaskMs') <= 20,
      `${ours('longestTaskMs').toFixed(1)} ms (work in one: ${ours('longestTaskCpuMs').toFixed(1)} ms; a timer came ${ours('longestGapMs').toFixed(0)} ms late), the peer ${peer('longestTaskMs').toFixed(0)} ms`,
    ),
    row(
      "click to first processed frame, files cached: at most 1/2 of the peer's",
      ours('firstMs') <= peer('firstMs') / 2,
      `${(ours('firstMs') / peer('firstMs')).toFixed(2)} (${ours('firstMs').toFixed(0)} ms, the peer ${peer('firstMs').toFixed(0)} ms)`,
    ),
    row(
      "bytes fetched cold, compressed: at most 1.35 times the peer's",
      ours('coldBytes') <= 1.35 * peer('coldBytes'),
      `${(ours('coldBytes') / peer('coldBytes')).toFixed(3)} (${mebi(ours('coldBytes'))}, the peer ${mebi(peer('coldBytes'))})`,
    ),
    ...leakRows(findings),
    row(
      'distinct frames a second in the remote browser of a call: at least 20 at 640x360 or more',
      findings.call !== null && findings.call.fps >= 20 && findings.call.width * findings.call.height >= 640 * 360,
      findings.call
        ? `${findings.call.fps.toFixed(1)} at ${findings.call.width}x${findings.call.height} (limited by: ${findings.call.limitation})`
        : 'not measured',
    ),
    row(
      'hidden tab: at least 0.9 of the visible rate',
      findings.hidden !== null && findings.hidden.hiddenFps >= 0.9 * findings.hidden.visibleFps,
      findings.hidden
        ? `${(findings.hidden.hiddenFps / findings.hidden.visibleFps).toFixed(2)} (${findings.hidden.hiddenFps.toFixed(1)} fps)`
        : 'not measured',
    ),
    row(
      "flicker on a still with grain: at most 1/2 of the peer's",
      findings.flicker !== null && findings.peerFlicker !== null && findings.flicker <= findings.peerFlicker / 2,
      findings.flicker !== null && findings.peerFlicker !== null
        ? `${(findings.flicker / findings.peerFlicker).toFixed(2)} (${(findings.flicker * 1e4).toFixed(1)} and ${(findings.peerFlicker * 1e4).toFixed(1)} in 10,000)`
        : 'not measured',
    ),
    ...maskRows(findings),
  ]
  say(
    `\nMedians of ${findings.ours.length} rounds; the peer with ${findings.SwiftShader.length} of SwiftShader and ${findings.llvmpipe.length} of llvmpipe\n`,
  )
  for (const { demand, met, figure } of rows) say(`${met ? 'met   ' : 'MISSED'} ${demand}: ${figure}`)
  const pass = rows.every(({ met }) => met)
  const line = {
    name: 'backgrounds',
    ours: round1(ours('cpuMsPerFrame')),
    peer: round1(peer('cpuMsPerFrame')),
    ratio: Number(cpuRatio.toFixed(4)),
    goal: 0.0714,
    pass,
  }
  say(`\n${JSON.stringify(line)}`)
  return pass
}

const row = (demand: string, met: boolean, figure: string): Row => ({ demand, met, figure })
const round1 = (value: number) => Number(value.toFixed(1))
const mebi = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(2)} MiB`

const happenings: readonly (readonly [keyof Leaks, string])[] = [
  ['start', 'at the start'],
  ['switch', 'at four switches'],
  ['camera', 'at two changes of camera and size'],
  ['crash', 'when the worker dies'],
  ['context', 'when the graphics process dies'],
]

function leakRows({ leaks, peerLeaks }: Findings): Row[] {
  return happenings.map(([name, words]) => {
    const peers = peerLeaks?.[name]
    return row(
      `frames that leak ${words}: 0`,
      leaks?.[name] === 0,
      `${leaks?.[name] ?? 'not measured'}, the peer ${peers ?? (name === 'crash' ? 'has no worker' : 'did not come to an end')}`,
    )
  })
}

function maskRows({ masks }: Findings): Row[] {
  if (!masks) return [row("masks not below the raw model's", false, 'not measured')]
  return masks.map(({ what, raw, final }) =>
    row(
      `mask of ${what}: not below the raw model's`,
      final.iou >= raw.iou && final.boundary >= raw.boundary,
      `IoU ${final.iou.toFixed(3)}, raw ${raw.iou.toFixed(3)}; boundary F ${final.boundary.toFixed(3)}, raw ${raw.boundary.toFixed(3)}`,
    ),
  )
}
