import type { MediaProblem } from '@alcove/shared/domain/device-check'
import type { LocalDevice, LocalMediaState } from './local-media-state.ts'

export type DeviceTrouble = { readonly what: 'camera' | 'microphone' | 'both'; readonly problem: MediaProblem }

/** What to say: the same trouble with both is said once. */
export function troublesOf({ camera, microphone }: Pick<LocalMediaState, 'camera' | 'microphone'>): readonly DeviceTrouble[] {
  const seen = problemOf(camera)
  const heard = problemOf(microphone)
  if (seen && seen === heard) return [{ what: 'both', problem: seen }]
  return [
    ...(heard ? [{ what: 'microphone', problem: heard } as const] : []),
    ...(seen ? [{ what: 'camera', problem: seen } as const] : []),
  ]
}

export type JoinsWith = 'both' | 'camera' | 'microphone' | 'neither'

/** With what this person comes in. Null while the browser's question is open. */
export function joinsWith({ camera, microphone }: Pick<LocalMediaState, 'camera' | 'microphone'>): JoinsWith | null {
  if (camera.kind === 'asking' || microphone.kind === 'asking') return null
  if (camera.kind === 'live') return microphone.kind === 'live' ? 'both' : 'camera'
  return microphone.kind === 'live' ? 'microphone' : 'neither'
}

function problemOf(device: LocalDevice): MediaProblem | null {
  return device.kind === 'problem' ? device.problem : null
}
