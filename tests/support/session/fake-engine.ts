import { err, ok } from '@alcove/shared/domain/result'
import type { LocalMedia, LocalMediaState } from '../../../pwa/src/features/device-check/local-media-state.ts'
import type { ClinicianRoom, ClinicianRoomState } from '../../../pwa/src/features/session/room-state.ts'

/** A state that listeners follow, and a log of what the screen asked for. */
function createHolder<State>(initial: State) {
  const listeners = new Set<(state: State) => void>()
  let state = initial
  const calls: string[] = []
  return {
    calls,
    state: () => state,
    subscribe(listener: (state: State) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    update(change: Partial<State>) {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
    },
  }
}

export type FakeRoom = ClinicianRoom & {
  readonly calls: string[]
  update(change: Partial<ClinicianRoomState>): void
}

/** The clinician's room as a puppet: it shows what it is told to and writes down what is asked of it. */
export function createFakeRoom(initial: ClinicianRoomState): FakeRoom {
  const holder = createHolder(initial)
  const note = (call: string) => void holder.calls.push(call)
  return {
    ...holder,
    async start(appointment) {
      note(`start ${appointment.id}`)
      return ok(undefined)
    },
    async accept(guest, options) {
      note(`accept ${guest}${options?.confirmed ? ' confirmed' : ''}`)
      const entry = holder.state().waiting.find((one) => one.guest === guest)
      if (!entry) return err({ kind: 'gone' })
      if (!entry.belongsHere && !options?.confirmed) return err({ kind: 'other-appointment', entry })
      holder.update({ waiting: holder.state().waiting.filter((one) => one !== entry), announced: null })
      return ok(undefined)
    },
    decline: (guest) => note(`decline ${guest}`),
    askForAMoment: (guest) => note(`moment ${guest}`),
    dismissAnnouncement() {
      note('dismiss')
      holder.update({ announced: null })
    },
    seenOthers() {
      if (holder.state().unseenOthers > 0) holder.update({ unseenOthers: 0 })
    },
    remove: (guest) => note(`remove ${guest}`),
    end: () => note('end'),
    restart: () => note('restart'),
    async moveHere() {
      note('move here')
      return ok(undefined)
    },
    moveTo: (device) => note(`move to ${device}`),
    dismissDeviceNotice() {
      note('dismiss notice')
      holder.update({ devices: { ...holder.state().devices, notice: null } })
    },
    setName: (name) => note(`name ${name}`),
    reconnectNow: () => note('reconnect'),
    async enrol() {
      return ok(undefined)
    },
    close: () => note('close'),
  }
}

export type FakeMedia = LocalMedia & {
  readonly calls: string[]
  update(change: Partial<LocalMediaState>): void
}

export function createFakeMedia(initial: LocalMediaState, screen: () => MediaStreamTrack): FakeMedia {
  const holder = createHolder(initial)
  const note = (call: string) => void holder.calls.push(call)
  const flip = (device: 'camera' | 'microphone') => {
    const now = holder.state()[device]
    if (now.kind === 'live') holder.update({ [device]: { ...now, enabled: !now.enabled } })
  }
  return {
    ...holder,
    async open() {
      note('open')
    },
    async chooseCamera(id) {
      note(`camera ${id}`)
      holder.update({ chosenCamera: id })
    },
    async chooseMicrophone(id) {
      note(`microphone ${id}`)
      holder.update({ chosenMicrophone: id })
    },
    async chooseSpeaker(id) {
      note(`speaker ${id}`)
      holder.update({ chosenSpeaker: id })
    },
    async restore(what) {
      note(`restore ${what}`)
    },
    async toggleCamera() {
      flip('camera')
    },
    toggleMicrophone() {
      flip('microphone')
    },
    async startScreen() {
      holder.update({ screen: screen() })
      return null
    },
    stopScreen() {
      holder.update({ screen: null })
    },
    watchLevel: () => () => undefined,
    dismissNotice: () => holder.update({ notice: null }),
    close: () => note('close'),
  }
}
