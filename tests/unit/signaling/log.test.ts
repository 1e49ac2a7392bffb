import { describe, expect, it } from 'vitest'
import { errorFields, type LogFields } from '../../../signaling/src/log.ts'
import { createTally } from '../../../signaling/src/tally.ts'

function recorder() {
  const lines: [level: string, event: string, fields?: LogFields][] = []
  const at = (level: string) => (event: string, fields?: LogFields) =>
    void lines.push(fields === undefined ? [level, event] : [level, event, fields])
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

describe('the log', () => {
  it('has one line of counts at a time, however much happens', () => {
    const { lines, log } = recorder()
    const tally = createTally(log)
    for (let i = 0; i < 1000; i++) tally.report({ type: 'knocked' })
    tally.report({ type: 'authenticated', role: 'host' })
    tally.report({ type: 'refused', reason: 'authentication-failed' })
    tally.flush()
    tally.flush()
    expect(lines).toEqual([['info', 'counts', { knocked: 1000, 'authenticated-host': 1, 'authentication-failed': 1 }]])
  })

  it('names a limit once when it is first reached', () => {
    const { lines, log } = recorder()
    const tally = createTally(log)
    for (let i = 0; i < 5; i++) tally.report({ type: 'limit', limit: 'LIMIT_ROOMS' })
    tally.flush()
    expect(lines).toEqual([
      ['warn', 'limit-reached', { limit: 'LIMIT_ROOMS' }],
      ['info', 'counts', { LIMIT_ROOMS: 5 }],
    ])
  })

  it('says of an error its kind and where it was, not what it says', () => {
    const fields = errorFields(new TypeError('Unexpected token in "planted name"'))
    expect(fields.error).toBe('TypeError')
    expect(String(fields.at)).toContain('log.test.ts')
    expect(JSON.stringify(fields)).not.toContain('planted')
    expect(errorFields(Object.assign(new Error('x'), { code: 'EPIPE' })).code).toBe('EPIPE')
    expect(errorFields('planted')).toEqual({ error: 'string' })
  })

  it('shouts when the hub is wrong', () => {
    const { lines, log } = recorder()
    const tally = createTally(log)
    tally.report({ type: 'withheld' })
    tally.report({ type: 'fault', error: new RangeError('planted') })
    expect(lines.map(([level, event]) => [level, event])).toEqual([
      ['error', 'withheld'],
      ['error', 'fault'],
    ])
  })
})
