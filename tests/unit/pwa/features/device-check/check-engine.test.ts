import { beginCheck, type CheckLine, findings, statusOf } from '@alcove/shared/domain/device-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type CheckEngine, createCheckEngine } from '../../../../../pwa/src/features/device-check/check-engine.ts'
import { helpFor, pictureFor } from '../../../../../pwa/src/features/device-check/check-help.ts'
import { createLocalMedia } from '../../../../../pwa/src/features/device-check/local-media.ts'
import { createMediaCare } from '../../../../../pwa/src/features/device-check/media-care.ts'
import type { NetworkAnswer, RelayAnswer } from '@alcove/shared/domain/device-check'
import { createComputer, createHandClock, createMemory } from '../../../../support/media/fake-computer.ts'

const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

let computer: ReturnType<typeof createComputer>
let hand: ReturnType<typeof createHandClock>
let outside: { sound: 'ok' | 'blocked'; permission: 'granted' | 'denied' | 'default'; network: NetworkAnswer; played: number }
let online: (online: boolean) => void

function build(relay: (() => Promise<RelayAnswer>) | null = null): CheckEngine {
  const media = createLocalMedia({
    media: computer.media,
    sound: { useSpeaker: async () => true },
    preferences: createMemory(),
    clock: hand.clock,
    oneCapture: false,
    loadCare: async () => createMediaCare,
  })
  return createCheckEngine({
    media,
    sound: {
      unlock: async () => undefined,
      canRing: async () => outside.sound,
      softTone: () => {
        outside.played += 1
      },
    },
    clock: hand.clock,
    page: {
      isHidden: () => false,
      watchVisibility: () => () => undefined,
      watchOnline(listener) {
        online = listener
        return () => undefined
      },
      copyText: async () => true,
    },
    address: () => 'https://clinic.example/check',
    browser: { inApp: false },
    surroundings: 'ready',
    server: { roundTrip: async () => outside.network },
    notifications: { permission: () => outside.permission, request: async () => (outside.permission = 'granted') },
    relay,
  })
}
const found = (engine: CheckEngine, line: CheckLine) => engine.state().lines[line].finding

beforeEach(() => {
  computer = createComputer()
  hand = createHandClock()
  outside = { sound: 'ok', permission: 'default', network: { roundTripMs: 20 }, played: 0 }
})

describe('a running device check', () => {
  it('looks at once at what needs no question, and opens no device', async () => {
    const engine = build()
    await settle()
    expect(engine.state().lines).toMatchObject({
      browser: { finding: 'ready' },
      camera: { finding: 'not-asked' },
      microphone: { finding: 'not-asked' },
      speaker: { finding: 'untested' },
      sound: { finding: 'ready' },
      notifications: { finding: 'not-asked' },
      network: { finding: 'ready' },
      relay: { finding: 'unknown' },
    })
    expect(computer.requests).toEqual([])
  })

  it('follows the devices, and hears the voice', async () => {
    computer.problems.set('camera', 'in-use')
    const engine = build()
    await engine.again()
    expect(found(engine, 'camera')).toBe('in-use')
    expect(found(engine, 'microphone')).toBe('ready')
    computer.problems.clear()
    hand.runRepeated()
    await settle()
    expect(found(engine, 'camera')).toBe('ready')
  })

  it('turns green by itself when sound is allowed and notifications are turned on', async () => {
    outside = { ...outside, sound: 'blocked', permission: 'denied' }
    const engine = build()
    await settle()
    expect([found(engine, 'sound'), found(engine, 'notifications')]).toEqual(['blocked', 'blocked'])
    outside = { ...outside, sound: 'ok', permission: 'granted' }
    hand.runRepeated()
    await settle()
    expect([found(engine, 'sound'), found(engine, 'notifications')]).toEqual(['ready', 'ready'])
  })

  it('asks the server again when the line is back', async () => {
    const engine = build()
    await settle()
    online(false)
    expect(found(engine, 'network')).toBe('offline')
    online(true)
    await settle()
    expect(found(engine, 'network')).toBe('ready')
    outside.network = 'unreachable'
    await engine.again()
    expect(found(engine, 'network')).toBe('unreachable')
  })

  it('takes the word of the person for what was heard', async () => {
    const engine = build()
    await engine.playSound()
    expect(outside.played).toBe(1)
    engine.answerSound(false)
    expect(found(engine, 'speaker')).toBe('not-heard')
    engine.answerSound(true)
    expect(found(engine, 'speaker')).toBe('heard')
  })

  it('measures the relay once at a time, and a test that fails is a relay that cannot be reached', async () => {
    let runs = 0
    const engine = build(async () => {
      runs += 1
      throw new Error('gone')
    })
    expect(found(engine, 'relay')).toBe('looking')
    void engine.testRelay()
    await settle()
    expect([runs, found(engine, 'relay')]).toEqual([1, 'unreachable'])
  })

  it('tells its listeners of what is drawn, and of nothing after it was closed', async () => {
    const engine = build()
    await settle()
    let told = 0
    engine.subscribe(() => {
      told += 1
    })
    hand.runRepeated()
    await settle()
    expect(told).toBe(0)
    engine.close()
    engine.answerSound(true)
    expect(told).toBe(0)
  })
})

describe('what helps', () => {
  it('is one thing to press, or steps, for every warning and problem of every line that a page sees', () => {
    const lines = ['browser', 'camera', 'microphone', 'speaker', 'sound', 'notifications', 'network', 'relay'] as const
    const helpless = lines.flatMap((line) =>
      findings[line]
        .filter((finding) => ['warning', 'problem'].includes(statusOf(line, finding)))
        // The extension mends it; a browser without notifications cannot be given any.
        .filter((finding) => finding !== 'tab-muted' && !(line === 'notifications' && finding === 'unsupported'))
        .filter((finding) => {
          const help = helpFor(line, { ...beginCheck.lines, [line]: { finding, foundAt: 1 } })
          return help.action === null && help.steps === null
        })
        .map((finding) => `${line} ${finding}`),
    )
    expect(helpless).toEqual([])
  })

  it('shows where to look in the browser at hand', () => {
    expect(pictureFor('allow-devices', { name: 'firefox', system: 'linux' })).toBe('address-camera')
    expect(pictureFor('allow-devices', { name: 'chrome', system: 'android' })).toBe('phone-page')
    expect(pictureFor('allow-sound', { name: 'safari', system: 'mac' })).toBe('menu-bar')
    expect(pictureFor('system', { name: 'edge', system: 'windows' })).toBe('system-switch')
  })
})
