import type { MediaProblem } from '@alcove/shared/domain/device-check'
import type { LocalDevice } from './local-media-state.ts'

export type CapturedKind = 'camera' | 'microphone'
export const capturedKinds: readonly CapturedKind[] = ['camera', 'microphone']

/** Missing devices are told by the list; those that cannot do what is asked are chosen by the person. */
const healing: readonly MediaProblem[] = ['denied', 'dismissed', 'blocked-by-system', 'in-use', 'failed']

export const mayHeal = (device: LocalDevice): boolean => device.kind === 'problem' && healing.includes(device.problem)
