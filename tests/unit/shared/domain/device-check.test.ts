import {
  beginCheck,
  type CheckEvent,
  type CheckState,
  check,
  checkLimits,
  checkLines,
  findings,
  mediaProblems,
  statusOf,
  summaryOf,
} from '@alcove/shared/domain/device-check'
import { reportOf } from '@alcove/shared/protocol/check-report'
import { checkReport } from '@alcove/shared/protocol/extension-messages'
import * as v from '@alcove/shared/protocol/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const after = (events: readonly CheckEvent[], state: CheckState = beginCheck) => events.reduce(check, state)
const levels = (level: number, fromAt: number, forMs: number): readonly CheckEvent[] =>
  Array.from({ length: forMs / 50 }, (_, index) => ({ type: 'level', level, at: fromAt + index * 50 }))
const microphone = (state: CheckState) => state.lines.microphone.finding

describe('the device check', () => {
  it('begins with nothing known', () => {
    expect(checkLines.map((line) => beginCheck.lines[line].finding)).toEqual(checkLines.map(() => 'unknown'))
    expect(summaryOf(beginCheck.lines)).toEqual({ status: 'open', problems: [], warnings: [] })
  })

  it('takes every finding of every line as it is, with its time', () => {
    for (const line of ['browser', 'speaker', 'sound', 'notifications', 'tab'] as const) {
      for (const finding of findings[line]) {
        const state = check(beginCheck, { type: 'found', line, finding, at: 7 } as CheckEvent)
        expect(state.lines[line]).toEqual({ finding, foundAt: 7 })
      }
    }
    for (const finding of [...mediaProblems, 'looking', 'granted', 'not-asked', 'interrupted', 'ready'] as const) {
      expect(check(beginCheck, { type: 'camera', finding, at: 7 }).lines.camera).toEqual({ finding, foundAt: 7 })
      expect(check(beginCheck, { type: 'microphone', finding, at: 7 }).lines.microphone).toEqual({ finding, foundAt: 7 })
    }
  })

  it('says of every finding whether it is ready, a warning or a problem', () => {
    const of = (line: (typeof checkLines)[number]) => {
      const table: Record<string, string> = {}
      for (const finding of findings[line]) table[finding] = statusOf(line, finding)
      return table
    }
    expect(of('browser')).toMatchObject({ ready: 'ready', insecure: 'problem', 'in-app': 'warning', unsupported: 'problem' })
    expect(of('camera')).toMatchObject({ ready: 'ready', granted: 'ready', off: 'warning', denied: 'warning', insecure: 'problem' })
    expect(of('microphone')).toMatchObject({
      heard: 'ready',
      silent: 'warning',
      muted: 'warning',
      denied: 'problem',
      'not-found': 'problem',
    })
    expect(of('speaker')).toMatchObject({ untested: 'warning', heard: 'ready', 'not-heard': 'problem' })
    expect(of('sound')).toMatchObject({ ready: 'ready', blocked: 'problem', 'tab-muted': 'problem' })
    expect(of('notifications')).toMatchObject({ ready: 'ready', 'not-asked': 'warning', blocked: 'problem', unsupported: 'warning' })
    expect(of('network')).toMatchObject({ ready: 'ready', slow: 'warning', offline: 'problem', unreachable: 'problem' })
    expect(of('relay')).toMatchObject({ ready: 'ready', slow: 'warning', unreachable: 'problem', none: 'ready', 'not-allowed': 'open' })
    expect(of('tab')).toMatchObject({ ready: 'ready', none: 'warning', background: 'warning', 'other-session': 'problem' })
    for (const line of checkLines) expect(of(line)).toMatchObject({ unknown: 'open', looking: 'open' })
  })

  it('hears a voice, and keeps it while the microphone stays open', () => {
    const open = after([{ type: 'microphone', finding: 'ready', at: 0 }])
    expect(microphone(after(levels(0.9, 50, 50), open))).toBe('ready')
    const heard = after(levels(0.5, 50, 400), open)
    expect(microphone(heard)).toBe('heard')
    expect(microphone(after([{ type: 'microphone', finding: 'ready', at: 9000 }], heard))).toBe('heard')
    const back = after(
      [
        { type: 'microphone', finding: 'interrupted', at: 9000 },
        { type: 'microphone', finding: 'ready', at: 9500 },
      ],
      heard,
    )
    expect(microphone(back)).toBe('ready')
  })

  it('does not say anew what the level says again', () => {
    const heard = after([{ type: 'microphone', finding: 'ready', at: 0 }, ...levels(0.5, 50, 400)])
    const later = after(levels(0.5, 500, 5000), heard)
    expect(later.lines).toBe(heard.lines)
  })

  it('notices a muted person who talks, without calling the line better', () => {
    const muted = after([{ type: 'microphone', finding: 'muted', at: 0 }])
    const talking = after(levels(0.6, 50, 1500), muted)
    expect(microphone(talking)).toBe('muted')
    expect(talking.voice.verdict).toBe('speaking-muted')
    expect(microphone(after([{ type: 'microphone', finding: 'ready', at: 2000 }], talking))).toBe('ready')
  })

  it('ignores levels of a microphone that is not there', () => {
    const denied = after([{ type: 'microphone', finding: 'denied', at: 0 }])
    expect(after(levels(0.9, 50, 1000), denied)).toBe(denied)
  })

  it('calls a long way slow, and forgets the measure when there is no way', () => {
    const quick = after([{ type: 'network', answer: { roundTripMs: 41.6 }, at: 1 }])
    expect([quick.lines.network.finding, quick.network.roundTripMs]).toEqual(['ready', 42])
    const slow = after([{ type: 'network', answer: { roundTripMs: checkLimits.slowRoundTripMs + 1 }, at: 2 }], quick)
    expect(slow.lines.network).toEqual({ finding: 'slow', foundAt: 2 })
    const away = after([{ type: 'network', answer: 'offline', at: 3 }], slow)
    expect([away.lines.network.finding, away.network.roundTripMs]).toEqual(['offline', null])
  })

  it('judges the relay by its slowest measure', () => {
    const good = { roundTripMs: 80, upKbps: 3000, downKbps: 3000 }
    const found = (answer: typeof good) => after([{ type: 'relay', answer, at: 1 }]).lines.relay.finding
    expect(found(good)).toBe('ready')
    expect(found({ ...good, roundTripMs: 900 })).toBe('slow')
    expect(found({ ...good, upKbps: 100 })).toBe('slow')
    expect(found({ ...good, downKbps: 100 })).toBe('slow')
    expect(after([{ type: 'relay', answer: 'unreachable', at: 2 }]).relay.upKbps).toBeNull()
  })

  it('says all of it in one word', () => {
    const camera = { type: 'camera', finding: 'not-found', at: 1 } as const
    const network = { type: 'network', answer: { roundTripMs: 5 }, at: 1 } as const
    expect(summaryOf(after([network]).lines).status).toBe('ready')
    expect(summaryOf(after([network, camera]).lines)).toEqual({ status: 'warning', problems: [], warnings: ['camera'] })
    const looking = { type: 'microphone', finding: 'looking', at: 1 } as const
    expect(summaryOf(after([network, camera, looking]).lines).status).toBe('open')
    const denied = { type: 'microphone', finding: 'denied', at: 1 } as const
    expect(summaryOf(after([network, camera, denied]).lines)).toMatchObject({ status: 'problem', problems: ['microphone'] })
    expect(summaryOf(after([network, { type: 'relay', answer: 'not-allowed', at: 1 }]).lines).status).toBe('ready')
  })
})

describe('what the extension is told of a check', () => {
  const event = fc.oneof(
    fc.constantFrom(...findings.sound).map((finding) => ({ type: 'found', line: 'sound', finding, at: 5 }) as const),
    fc.constantFrom(...mediaProblems, 'ready', 'muted').map((finding) => ({ type: 'microphone', finding, at: 6 }) as const),
    fc.record({ type: fc.constant('level'), level: fc.double({ min: 0, max: 1, noNaN: true }), at: fc.nat() }),
    fc.nat(5000).map((roundTripMs) => ({ type: 'network', answer: { roundTripMs: roundTripMs / 3 }, at: 8 }) as const),
  ) as fc.Arbitrary<CheckEvent>

  it('is always a message that the extension understands', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const report = reportOf(after(events), 9)
        expect(v.safeParse(checkReport, report).success).toBe(true)
        expect(new Set(report.lines.map(({ line }) => line)).size).toBe(report.lines.length)
      }),
    )
  })

  it('holds neither what nobody looked at nor what only the extension sees', () => {
    const state = after([
      { type: 'found', line: 'tab', finding: 'background', at: 1 },
      { type: 'camera', finding: 'in-use', at: 2 },
    ])
    expect(reportOf(state, 9)).toEqual({ at: 9, lines: [{ line: 'camera', finding: 'in-use', foundAt: 2 }], roundTripMs: null })
  })
})
