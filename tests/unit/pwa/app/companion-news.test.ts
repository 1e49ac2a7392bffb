import type { Appointment } from '@alcove/shared/domain/appointment'
import { maxToldAppointments } from '@alcove/shared/protocol/extension-messages'
import { createRoot, createSignal } from 'solid-js'
import { describe, expect, it } from 'vitest'
import { createCompanionNews, nextStarts } from '../../../../pwa/src/app/services/companion-news.ts'
import type { LocalMediaState } from '../../../../pwa/src/features/device-check/local-media-state.ts'
import { createFakeCompanion } from '../../../support/fakes/fake-companion.ts'
import { exampleAppointment, examplePractice } from '../../../support/session/examples.ts'
import { createManualClock } from '../../../support/session/manual-clock.ts'

const hourMs = 60 * 60 * 1000
const now = 1_000_000
const at = (hours: number, change: Partial<Appointment> = {}) => exampleAppointment(`p${hours}`, now + hours * hourMs, change)

describe('the times that the extension is told', () => {
  it('are those of sessions still to come, in order, each once', () => {
    const list = [at(30), at(2), at(2, { type: 'consultation' }), at(-1), at(0)]
    expect(nextStarts(list, examplePractice, now)).toEqual([now + 2 * hourMs, now + 30 * hourMs])
  })

  it.each([
    ['without telehealth', { useTelehealth: false }],
    ['without a patient', { patientId: null }],
    ['cancelled', { status: 'cancelled' }],
    ['missed', { status: 'noshow' }],
    ['a vacation', { type: 'vacation' }],
    ['of somebody else', { clinicianId: 'ana' }],
  ] as readonly (readonly [string, object])[])('are none of an appointment %s', (_why, change) => {
    expect(nextStarts([at(2, change)], examplePractice, now)).toEqual([])
  })

  it('are none while telehealth is off', () => {
    const off = { ...examplePractice, practice: { ...examplePractice.practice, telehealth: 'off' as const } }
    expect(nextStarts([at(2)], off, now)).toEqual([])
  })

  it('are no more than a message carries, the first ones', () => {
    const many = Array.from({ length: 200 }, (_, i) => at(200 - i))
    const told = nextStarts(many, examplePractice, now)
    expect(told).toHaveLength(maxToldAppointments)
    expect(told[0]).toBe(now + hourMs)
  })
})

const noMedia: LocalMediaState = {
  camera: { kind: 'not-asked' },
  microphone: { kind: 'not-asked' },
  screen: null,
  devices: { cameras: [], microphones: [], speakers: null },
  chosenCamera: 'default',
  chosenMicrophone: 'default',
  chosenSpeaker: 'default',
  notice: null,
}

function open() {
  const companion = createFakeCompanion()
  companion.says({ type: 'welcome', canRing: true, notifies: true })
  const clock = createManualClock(now)
  const [running, setRunning] = createSignal(false)
  const watched: { fromAt: number; listener: (appointments: readonly Appointment[]) => void; stopped: boolean }[] = []
  let media = noMedia
  let hear: (state: LocalMediaState) => void = () => undefined
  const close = createRoot((dispose) => {
    createCompanionNews({
      companion,
      clock,
      running,
      practice: () => examplePractice,
      schedule: {
        watchRange(fromAt, _toAt, listener) {
          const one = { fromAt, listener, stopped: false }
          watched.push(one)
          return () => {
            one.stopped = true
          }
        },
      },
      media: {
        state: () => media,
        subscribe(listener) {
          hear = listener
          return () => undefined
        },
      },
    })
    return dispose
  })
  const last = (type: string) => companion.heard.filter((message) => message.type === type).at(-1)
  const setMedia = (change: Partial<LocalMediaState>) => {
    media = { ...media, ...change }
    hear(media)
  }
  return { companion, clock, setRunning, watched, setMedia, close, last }
}

describe('news for the extension', () => {
  it('says when a session begins and when it ends', () => {
    const { companion, setRunning } = open()
    setRunning(true)
    setRunning(false)
    const said = companion.heard.filter(({ type }) => type === 'session')
    expect(said).toEqual([false, true, false].map((isRunning) => ({ type: 'session', isRunning })))
  })

  it('follows the schedule, and time as it passes', () => {
    const { clock, watched, last } = open()
    watched[0]?.listener([at(1), at(9)])
    expect(last('appointments')).toEqual({ type: 'appointments', startsAt: [now + hourMs, now + 9 * hourMs] })
    clock.advance(6 * hourMs)
    expect(watched.map(({ stopped }) => stopped)).toEqual([true, false])
    watched[1]?.listener([at(1), at(9)])
    expect(last('appointments')).toEqual({ type: 'appointments', startsAt: [now + 9 * hourMs] })
  })

  it('names the chosen devices, and none for the choice of the system', () => {
    const { setMedia, last, companion } = open()
    expect(last('devices')).toEqual({ type: 'devices', camera: null, microphone: null, speaker: null })
    const cameras = [
      { deviceId: 'default', label: 'Default' },
      { deviceId: 'c', label: 'Desk camera' },
    ]
    setMedia({ devices: { ...noMedia.devices, cameras }, chosenCamera: 'c' })
    expect(last('devices')).toEqual({ type: 'devices', camera: 'Desk camera', microphone: null, speaker: null })
    const before = companion.heard.length
    setMedia({ chosenMicrophone: 'unplugged' })
    expect(companion.heard).toHaveLength(before)
    setMedia({ chosenCamera: 'default' })
    expect(last('devices')).toMatchObject({ camera: null })
  })

  it('takes everything back when the practice is closed', () => {
    const { setRunning, watched, close, last } = open()
    setRunning(true)
    watched[0]?.listener([at(1)])
    close()
    expect(last('session')).toEqual({ type: 'session', isRunning: false })
    expect(last('appointments')).toEqual({ type: 'appointments', startsAt: [] })
    expect(watched[0]?.stopped).toBe(true)
  })

  it('says no name, no id and no link', () => {
    const { companion, watched } = open()
    watched[0]?.listener([at(1), at(2)])
    expect(JSON.stringify(companion.heard)).not.toMatch(/rivera|harbor|p1|p2|join|#/i)
  })
})
