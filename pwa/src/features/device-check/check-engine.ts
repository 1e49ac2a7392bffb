import { beginCheck, type CheckEvent, type CheckState, check, type Finding, type RelayAnswer } from '@alcove/shared/domain/device-check'
import type { Clock, Notifications, Page, ServerProbe, Sound, Stop } from '../../ports.ts'
import type { Browser } from './browser.ts'
import type { LocalDevice, LocalMedia, LocalMediaState } from './local-media-state.ts'

/** How often the server is asked while all is well, and while it is not. */
const calmMs = 20_000
const hurryMs = 4000
/** What no event tells: permissions of Safari, sound that was freed. */
const lookMs = 2000

export type CheckEngineDeps = {
  readonly media: LocalMedia
  readonly sound: Pick<Sound, 'unlock' | 'canRing' | 'softTone'>
  readonly clock: Clock
  readonly page: Pick<Page, 'isHidden' | 'watchVisibility' | 'watchOnline' | 'copyText'>
  /** What to open in another browser. */
  readonly address: () => string
  readonly browser: Pick<Browser, 'inApp'>
  /** What the browser can do at all, as the page found when it began. */
  readonly surroundings: 'ready' | 'insecure' | 'unsupported'
  readonly server: ServerProbe
  /** Null where nobody waits for a notification: the patient's page. */
  readonly notifications: Pick<Notifications, 'permission' | 'request'> | null
  /** Null where there is nobody to be lent a relay. */
  readonly relay: (() => Promise<RelayAnswer>) | null
}

/** A running check: looks at what can be looked at without asking, and again whenever something may have changed. */
export type CheckEngine = {
  state(): CheckState
  /** Not told of every level; of everything that is drawn. */
  subscribe(listener: (state: CheckState) => void): Stop
  /** Everything anew. Opens the devices that are not open. */
  again(): Promise<void>
  /** From a click. */
  allowSound(): Promise<void>
  playSound(): Promise<void>
  answerSound(wasHeard: boolean): void
  askNotifications(): Promise<void>
  testRelay(): Promise<void>
  /** False when it could not be copied. */
  copyAddress(): Promise<boolean>
  close(): void
}

/** Fetches what begins a check; whoever begins one closes it. */
export type OpenCheck = () => Promise<() => CheckEngine>

export function createCheckEngine(deps: CheckEngineDeps): CheckEngine {
  const { media, sound, clock, page, notifications } = deps
  const listeners = new Set<(state: CheckState) => void>()
  let state = beginCheck
  let isClosed = false
  let isAsking = false
  let isListening = false
  let isMeasuring = false
  let askedAt = Number.NEGATIVE_INFINITY

  function hear(event: CheckEvent): void {
    if (isClosed) return
    const before = state
    state = check(state, event)
    const isSame = state.lines === before.lines && state.voice.verdict === before.voice.verdict
    if (!isSame) for (const listener of [...listeners]) listener(state)
  }

  /** What was found and is not another finding than before is not told again: screen readers would read it out. */
  function found(event: Extract<CheckEvent, { type: 'found' }>): void {
    if (state.lines[event.line].finding !== event.finding) hear(event)
  }

  // --- devices ------------------------------------------------------------------------------------------------------

  let drawn: Pick<LocalMediaState, 'camera' | 'microphone'> | null = null
  function devicesChanged({ camera, microphone }: LocalMediaState): void {
    const at = clock.now()
    if (drawn?.camera !== camera) hear({ type: 'camera', finding: cameraFinding(camera), at })
    if (drawn?.microphone !== microphone) hear({ type: 'microphone', finding: microphoneFinding(microphone), at })
    drawn = { camera, microphone }
    // A page that captures may play: what was blocked a moment ago need not be now.
    if (state.lines.sound.finding !== 'ready') void listenWhetherSoundPlays()
  }

  // --- sound --------------------------------------------------------------------------------------------------------

  async function listenWhetherSoundPlays(): Promise<void> {
    if (isListening || isClosed) return
    isListening = true
    try {
      const finding = (await sound.canRing()) === 'ok' ? 'ready' : 'blocked'
      found({ type: 'found', line: 'sound', finding, at: clock.now() })
    } finally {
      isListening = false
    }
  }

  // --- the server and the relay -------------------------------------------------------------------------------------

  async function askServer(): Promise<void> {
    if (isAsking || isClosed) return
    isAsking = true
    askedAt = clock.now()
    if (state.lines.network.finding === 'unknown') hear({ type: 'network', answer: 'looking', at: askedAt })
    const answer = await deps.server.roundTrip()
    isAsking = false
    hear({ type: 'network', answer, at: clock.now() })
  }

  async function testRelay(): Promise<void> {
    if (deps.relay === null || isMeasuring || isClosed) return
    isMeasuring = true
    hear({ type: 'relay', answer: 'looking', at: clock.now() })
    const answer = await deps.relay().catch(() => 'unreachable' as const)
    isMeasuring = false
    hear({ type: 'relay', answer, at: clock.now() })
  }

  // --- what no event tells ------------------------------------------------------------------------------------------

  function look(): void {
    if (notifications) found({ type: 'found', line: 'notifications', finding: notificationFinding(notifications), at: clock.now() })
    if (page.isHidden()) return
    if (state.lines.sound.finding !== 'ready') void listenWhetherSoundPlays()
    const isWell = state.lines.network.finding === 'ready' || state.lines.network.finding === 'slow'
    if (clock.now() - askedAt >= (isWell ? calmMs : hurryMs)) void askServer()
  }

  const stops: Stop[] = [
    media.subscribe(devicesChanged),
    media.watchLevel((level) => hear({ type: 'level', level, at: clock.now() })),
    clock.every(lookMs, look),
    page.watchVisibility((hidden) => {
      if (hidden) return
      look()
      void listenWhetherSoundPlays()
    }),
    page.watchOnline((online) => {
      if (online) void askServer()
      else hear({ type: 'network', answer: 'offline', at: clock.now() })
    }),
  ]

  const surroundings = deps.surroundings === 'ready' && deps.browser.inApp ? 'in-app' : deps.surroundings
  found({ type: 'found', line: 'browser', finding: surroundings, at: clock.now() })
  found({ type: 'found', line: 'sound', finding: 'looking', at: clock.now() })
  found({ type: 'found', line: 'speaker', finding: 'untested', at: clock.now() })
  devicesChanged(media.state())
  look()
  void testRelay()

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async again() {
      await Promise.all([media.open(), askServer(), listenWhetherSoundPlays(), testRelay()])
      look()
    },
    async allowSound() {
      await sound.unlock()
      await listenWhetherSoundPlays()
    },
    async playSound() {
      await sound.unlock()
      sound.softTone()
      await listenWhetherSoundPlays()
    },
    answerSound: (wasHeard) => hear({ type: 'found', line: 'speaker', finding: wasHeard ? 'heard' : 'not-heard', at: clock.now() }),
    async askNotifications() {
      await notifications?.request()
      look()
    },
    testRelay,
    copyAddress: () => page.copyText(deps.address()),
    close() {
      isClosed = true
      for (const stop of stops) stop()
      listeners.clear()
    },
  }
}

function cameraFinding(device: LocalDevice) {
  switch (device.kind) {
    case 'not-asked':
      return 'not-asked'
    case 'asking':
      return 'looking'
    case 'problem':
      return device.problem
    case 'live':
      if (!device.enabled) return 'off'
      return device.interrupted ? 'interrupted' : 'ready'
  }
}

function microphoneFinding(device: LocalDevice) {
  const finding = cameraFinding(device)
  return finding === 'off' ? 'muted' : finding
}

function notificationFinding(notifications: Pick<Notifications, 'permission'>): Finding<'notifications'> {
  return ({ granted: 'ready', denied: 'blocked', default: 'not-asked', unsupported: 'unsupported' } as const)[notifications.permission()]
}
