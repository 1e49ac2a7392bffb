import type { AppointmentId, CallId, DeviceKey, GuestKey } from '@alcove/shared/domain/ids'
import { err, type Result } from '@alcove/shared/domain/result'
import { maySpeak } from '@alcove/shared/domain/session-move'
import type { OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import type { GuestListing } from '@alcove/shared/protocol/session-messages'
import type { Stop } from '../../ports.ts'
import type { OwnDevice, OwnDevices } from './own-devices.ts'
import { createRoomMoves, partnerOf, type RoomMovesDeps } from './room-moves.ts'
import type { DeviceNotice, DevicesView } from './room-state.ts'

export type RoomDevicesDeps = Omit<RoomMovesDeps, 'say' | 'onHere' | 'onElsewhere'> & {
  readonly ownDevices: OwnDevices
  /** One may have been removed. */
  readonly onDevices: () => void
}

/** What concerns the clinician's other devices: who rings, who has the session, and moving it. */
export type RoomDevices = {
  view(): DevicesView
  hasOthers(): boolean
  /** One of my others knows this one as mine at this moment, or there are none that could have removed it. */
  isVouchedFor(): boolean
  /** Not while another device is taking the session. */
  maySpeak(): boolean
  /** The session here may have changed. */
  sessionChanged(): void
  /** Somebody was answered here. */
  answered(guest: GuestKey, how: 'accepted' | 'declined'): void
  /** The server says that somebody was answered elsewhere. */
  answeredElsewhere(guest: GuestKey, how: 'accepted' | 'declined'): void
  handedOver(call: CallId, device: string, guests: readonly GuestListing[]): Promise<void>
  handOverRefused(): void
  moveHere(): Promise<Result<void, 'not-moved'>>
  moveTo(device: DeviceKey): void
  dismissNotice(): void
  tick(): void
  /** Once this page has the room: other tabs of this browser say nothing. */
  begin(): void
  close(): void
}

type Claim = { readonly kind: 'running' | 'ended'; readonly call: CallId; readonly appointmentId: AppointmentId; readonly moves: number }
const maxAnswers = 100

export function createRoomDevices(deps: RoomDevicesDeps): RoomDevices {
  const { now, ownDevices, session, reception } = deps
  const claims = new Map<DeviceKey, Claim>()
  /** Label of the device that answered a knock, newest last. */
  const answeredBy = new Map<string, string>()
  let stops: readonly Stop[] = []
  let devices: readonly OwnDevice[] = []
  let notice: DeviceNotice | null = null
  let noticeKnock: string | null = null
  let said = ''

  const moves = createRoomMoves({
    ...deps,
    say,
    onHere: () => show(null),
    onElsewhere: (kind, device) => show({ kind, label: labelOf(device) }),
  })

  function known(next: readonly OwnDevice[]): void {
    const before = new Set(devices.filter(({ online }) => online).map(({ key }) => key))
    devices = next
    const online = next.filter((device) => device.online).map(({ key }) => key)
    for (const key of [...claims.keys()]) if (!online.includes(key)) claims.delete(key)
    for (const key of online) if (!before.has(key)) say({ type: 'session', tell: true, session: present() }, key)
    claimed()
    deps.onDevices()
  }

  function say(message: OwnDeviceMessage, to: DeviceKey | null): void {
    ownDevices.send(message, to)
  }

  function labelOf(device: DeviceKey): string {
    return devices.find(({ key }) => key === device)?.label ?? ''
  }

  // --- what runs where ----------------------------------------------------------------------------------------------

  function present(): Extract<OwnDeviceMessage, { type: 'session' }>['session'] {
    const here = session.state()
    if (here.kind === 'none') return { kind: 'none' }
    const { kind, call, appointmentId } = here
    return { kind, call, appointmentId, moves: here.kind === 'running' ? here.moves : 0 }
  }

  function sessionChanged(): void {
    if (stops.length === 0) return
    const next = JSON.stringify(present())
    if (next === said) return
    said = next
    say({ type: 'session', tell: false, session: present() }, null)
  }

  function claimed(): void {
    const calls = [...claims.values()].map(({ call }) => call)
    if (calls.join() !== reception.room().claimed.join()) reception.wait({ type: 'claimed', calls, at: now() })
    deps.onChange()
  }

  /** Two devices that claim one call: a move went wrong without a connection. The later one has it. */
  function yieldTo(from: DeviceKey, claim: Claim): void {
    const here = session.state()
    if (here.kind !== 'running' || here.call !== claim.call || claim.kind !== 'running' || moves.state().kind !== 'idle') return
    if (claim.moves > here.moves) moves.letGo(from)
  }

  // --- hearing ------------------------------------------------------------------------------------------------------

  async function receive(from: DeviceKey, message: OwnDeviceMessage): Promise<void> {
    switch (message.type) {
      case 'session':
        if (message.tell) say({ type: 'session', tell: false, session: present() }, from)
        if (message.session.kind === 'none') claims.delete(from)
        else {
          claims.set(from, message.session)
          yieldTo(from, message.session)
        }
        return claimed()
      case 'answered':
        return heardAnswer(from, message)
      default:
        return moves.hear(from, message)
    }
  }

  /** Quiet at once; whether it counts, the server says in a moment. */
  function heardAnswer(from: DeviceKey, { guest, knock, how }: Extract<OwnDeviceMessage, { type: 'answered' }>): void {
    const label = labelOf(from)
    answeredBy.set(knock, label)
    for (const oldest of answeredBy.keys()) {
      if (answeredBy.size <= maxAnswers) break
      answeredBy.delete(oldest)
    }
    if (noticeKnock === knock) notice = { kind: 'answered', how, label }
    const person = reception.find(guest)
    if (person?.knock === knock) {
      showAnswer(knock, how, label)
      reception.wait({ type: 'answered-elsewhere', guest, knock, at: now() })
    }
    deps.onChange()
  }

  function show(next: DeviceNotice | null): void {
    notice = next
    noticeKnock = null
  }

  function showAnswer(knock: string, how: 'accepted' | 'declined', label: string | null): void {
    noticeKnock = knock
    notice = { kind: 'answered', how, label }
  }

  /** A session that can be brought here; one that runs comes before one that has ended. */
  function remote(): DevicesView['remote'] {
    const online = devices.filter((device) => device.online && claims.has(device.key))
    const running = online.find(({ key }) => claims.get(key)?.kind === 'running')
    const device = running ?? online[0]
    const claim = device && claims.get(device.key)
    return device && claim ? { device: device.key, label: device.label, ...claim } : null
  }

  return {
    view() {
      const move = moves.state()
      const way = move.kind === 'coming' || move.kind === 'arriving' ? 'here' : 'away'
      const moving = move.kind === 'idle' ? null : ({ way, label: labelOf(partnerOf(move)) } as const)
      return { others: devices, remote: remote(), moving, notice }
    },
    hasOthers: () => devices.length > 0,
    isVouchedFor: () => stops.length > 0 && (devices.length === 0 || devices.some(({ online }) => online)),
    maySpeak: () => maySpeak(moves.state()),
    sessionChanged,
    answered(guest, how) {
      const person = reception.find(guest)
      if (person) say({ type: 'answered', guest, knock: person.knock, how }, null)
    },
    answeredElsewhere(guest, how) {
      const here = session.state()
      const member = here.kind === 'running' ? here.members.find((one) => one.guest === guest) : undefined
      const knock = (reception.find(guest) ?? member)?.knock
      if (knock === undefined) return
      if (noticeKnock !== knock) showAnswer(knock, how, answeredBy.get(knock) ?? null)
      deps.spent.spare(knock)
      reception.wait({ type: 'settled', guest, at: now() })
      session.decide({ type: 'withdraw', guest })
      deps.onChange()
    },
    handedOver: moves.handedOver,
    handOverRefused: moves.handOverRefused,
    moveHere() {
      const from = remote()
      return from ? moves.bring(from.device, from.call) : Promise.resolve(err('not-moved'))
    },
    moveTo: moves.offer,
    dismissNotice() {
      show(null)
      deps.onChange()
    },
    tick: () => moves.tick((device) => devices.some(({ key, online }) => key === device && online)),
    begin() {
      const listen = (from: DeviceKey, message: OwnDeviceMessage) => {
        if (devices.some(({ key }) => key === from)) void deps.inTurn(() => receive(from, message))
      }
      stops = [ownDevices.watch(known), ownDevices.listen(listen)]
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}
