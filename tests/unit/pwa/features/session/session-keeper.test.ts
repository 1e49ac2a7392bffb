import { beforeEach, describe, expect, it } from 'vitest'
import { createSessionKeeper } from '../../../../../pwa/src/features/session/session-keeper.ts'
import { emptyRoom, endedSession, runningSession } from '../../../../support/session/examples.ts'
import { createFakeRoom, type FakeRoom } from '../../../../support/session/fake-engine.ts'
import { createManualClock, type ManualClock } from '../../../../support/session/manual-clock.ts'

let log: string[]
let room: FakeRoom
let clock: ManualClock
let asked: boolean

beforeEach(() => {
  log = []
  asked = false
  room = createFakeRoom(emptyRoom)
  clock = createManualClock()
})

function keep() {
  const device = () => ({ kind: asked ? ('asking' as const) : ('not-asked' as const) })
  const none = { cameras: [], microphones: [], speakers: null }
  return createSessionKeeper({
    room,
    clock,
    media: {
      state: () => ({
        camera: device(),
        microphone: device(),
        screen: null,
        devices: none,
        chosenCamera: 'default',
        chosenMicrophone: 'default',
        chosenSpeaker: 'default',
        notice: null,
      }),
      async open() {
        asked = true
        log.push('open')
      },
      close() {
        asked = false
        log.push('close')
      },
    },
    page: {
      keepAwake() {
        log.push('awake')
        return () => log.push('may sleep')
      },
      holdPage() {
        log.push('hold')
        return () => log.push('release')
      },
    },
  })
}

describe('the keeper of a running session', () => {
  it('keeps the device awake and the page held while it runs, and no longer', () => {
    keep()
    expect(log).toEqual([])
    room.update({ session: runningSession('sam', 0, []) })
    expect(log).toEqual(['awake', 'hold', 'open'])
    room.update({ session: endedSession('sam', 0) })
    expect(log.slice(3)).toEqual(['may sleep', 'release'])
  })

  it('releases camera and microphone after the end', () => {
    keep()
    room.update({ session: runningSession('sam', 0, []) })
    room.update({ session: endedSession('sam', 0) })
    expect(log).not.toContain('close')
    clock.advance(500)
    expect(log).toContain('close')
  })

  it('keeps them when the next session follows at once', () => {
    keep()
    room.update({ session: runningSession('sam', 0, []) })
    room.update({ session: endedSession('sam', 0) })
    room.update({ session: runningSession('alex', 0, []) })
    clock.advance(5000)
    expect(log).not.toContain('close')
    expect(log.filter((line) => line === 'open')).toHaveLength(1)
  })

  it('opens them again after a reload and after a restart', () => {
    room.update({ session: runningSession('sam', 0, []) })
    keep()
    expect(log).toContain('open')
    room.update({ session: endedSession('sam', 0) })
    clock.advance(500)
    room.update({ session: runningSession('sam', 0, []) })
    expect(log.filter((line) => line === 'open')).toHaveLength(2)
  })

  it('leaves the devices alone in a tab whose room runs in another one', () => {
    keep()
    room.update({ elsewhere: true, session: runningSession('sam', 0, []) })
    expect(log).toEqual([])
  })

  it('lets go of everything when it is stopped', () => {
    const stop = keep()
    room.update({ session: runningSession('sam', 0, []) })
    stop()
    expect(log.slice(-2)).toEqual(['may sleep', 'release'])
  })
})
