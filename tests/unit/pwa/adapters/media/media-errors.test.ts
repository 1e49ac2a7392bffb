import { describe, expect, it } from 'vitest'
import { mayAskAlone, mediaProblem, screenProblem } from '../../../../../pwa/src/adapters/media/media-errors.ts'

const error = (name: string, message = '') => new DOMException(message, name)

describe('what a refusal of getUserMedia means', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'denied', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'prompt', 'dismissed'],
    ['NotAllowedError', 'Permission denied by system', 'prompt', 'blocked-by-system'],
    // Chromium and Firefox on macOS: the site is allowed, the browser itself is not.
    ['NotAllowedError', 'Permission denied', 'granted', 'blocked-by-system'],
    ['NotAllowedError', 'The request is not allowed by the user agent', 'prompt', 'denied'],
    ['NotAllowedError', 'The request is not allowed by the user agent', 'unknown', 'denied'],
    ['NotFoundError', 'Requested device not found', 'prompt', 'not-found'],
    ['NotReadableError', 'Could not start video source', 'granted', 'in-use'],
    ['AbortError', 'Starting videoinput failed', 'granted', 'in-use'],
    ['OverconstrainedError', '', 'granted', 'over-constrained'],
    ['SecurityError', '', 'unknown', 'insecure'],
    ['TypeError', '', 'unknown', 'failed'],
  ] as const)('%s "%s" while the permission is %s: %s', (name, message, permission, problem) => {
    expect(mediaProblem(error(name, message), permission)).toBe(problem)
  })

  it('survives something thrown that is no error', () => {
    expect(mediaProblem('gone', 'unknown')).toBe('failed')
  })

  it('takes a cancelled choice of a screen for a choice', () => {
    expect(screenProblem(error('NotAllowedError', 'Permission denied by user'))).toBe('dismissed')
    expect(screenProblem(error('NotAllowedError', 'Permission denied by system'))).toBe('blocked-by-system')
    expect(screenProblem(error('NotFoundError'))).toBe('not-found')
  })
})

describe('asking for one device after both were refused', () => {
  it.each([
    ['granted', 'denied', true],
    ['prompt', 'denied', true],
    ['unknown', 'unknown', true],
    // Closed without an answer, or just refused: the question is not put again.
    ['prompt', 'prompt', false],
    ['prompt', 'granted', false],
    ['denied', 'granted', false],
  ] as const)('own permission %s, the other %s: %s', (own, other, asks) => {
    expect(mayAskAlone(error('NotAllowedError'), own, other)).toBe(asks)
  })

  it('always tries the other one when a device is missing or in use', () => {
    expect(mayAskAlone(error('NotFoundError'), 'prompt', 'prompt')).toBe(true)
    expect(mayAskAlone(error('NotReadableError'), 'prompt', 'prompt')).toBe(true)
  })
})
