import type { MediaProblem } from '@alcove/shared/domain/device-check'

export type Permission = 'granted' | 'denied' | 'prompt' | 'unknown'

/**
 * What getUserMedia's refusal means (W3C mediacapture-main 10.2). `NotAllowedError` says four things at once; the
 * browser's words and the permission's state after the refusal tell them apart: a browser that allows what is still
 * refused was refused by the system.
 */
export function mediaProblem(error: unknown, permission: Permission): MediaProblem {
  const { name, message } = nameAndMessage(error)
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      if (/by system/i.test(message)) return 'blocked-by-system'
      if (/dismissed/i.test(message)) return 'dismissed'
      return permission === 'granted' ? 'blocked-by-system' : 'denied'
    case 'SecurityError':
      return 'insecure'
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'not-found'
    // Chromium says AbortError when a device fails while it starts, which in practice is another program's doing.
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'in-use'
    case 'OverconstrainedError':
      return 'over-constrained'
    default:
      return 'failed'
  }
}

/** Cancelling the browser's chooser is an answer, not a problem, and looks like a refusal. */
export function screenProblem(error: unknown): MediaProblem {
  const { name, message } = nameAndMessage(error)
  if (name === 'NotAllowedError') return /by system/i.test(message) ? 'blocked-by-system' : 'dismissed'
  if (name === 'NotReadableError') return 'blocked-by-system'
  return mediaProblem(error, 'unknown')
}

/**
 * One of two devices made the common request fail. Whether to ask for this one alone: never when that would put the
 * question again that was just refused or closed.
 */
export function mayAskAlone(error: unknown, own: Permission, other: Permission): boolean {
  if (nameAndMessage(error).name !== 'NotAllowedError') return true
  if (own === 'granted' || own === 'unknown') return true
  return own === 'prompt' && other === 'denied'
}

function nameAndMessage(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: '', message: '' }
}
