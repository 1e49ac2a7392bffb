import { displayName } from '@alcove/shared/domain/display-name'
import { eligibility, startWindow } from '@alcove/shared/domain/eligibility'
import type { DeviceKey, GuestKey } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { err, ok } from '@alcove/shared/domain/result'
import { isFull } from '@alcove/shared/domain/session'
import { arrivalOf, placeOf } from '@alcove/shared/domain/waiting-room'
import type { HostIdentity, PracticeState, Stop } from '../../ports.ts'
import { newCall } from './call-id.ts'
import { createHeldView } from './held-view.ts'
import { createTurns } from './in-turn.ts'
import { createReception } from './reception.ts'
import { createRoomAppointments } from './room-appointments.ts'
import { createRoomCalls, type RoomCalls } from './room-calls.ts'
import { createRoomClerk, type RoomClerk } from './room-clerk.ts'
import type { ClinicianRoomDeps } from './room-deps.ts'
import { createRoomDevices } from './room-devices.ts'
import { createRoomEars } from './room-ears.ts'
import { readRoom, writeRoom } from './room-journal.ts'
import { createRoomLine } from './room-line.ts'
import { createRoomLinks } from './room-links.ts'
import { takeRoomLock } from './room-lock.ts'
import { createRoomPeers } from './room-peers.ts'
import { createRoomSession } from './room-session.ts'
import { createSpentKnocks } from './room-spent.ts'
import type { ClinicianRoom, ClinicianRoomState } from './room-state.ts'
import { viewRoom } from './room-view.ts'
import { createSaver } from './saver.ts'
import { watchWaking } from './watch-waking.ts'

const tickMs = 1000
const beginPollMs = 50
/** A click has to show within this time, however far away the guest is. */
const answerWithinMs = 150
const renewMs = 6 * 60 * 60 * 1000
/** How long another device of mine may take to answer who returns to its call. */
const otherDeviceMs = 10_000

type Running = { readonly clerk: RoomClerk; readonly calls: RoomCalls }

/**
 * The clinician's waiting room and session: always on, whatever page is shown. The reception knows who waits, the
 * session who is in, the devices what my other devices do; this introduces them to each other, to the server and to the
 * screen, and keeps a journal of where they are.
 */
export function createClinicianRoom(deps: ClinicianRoomDeps): ClinicianRoom {
  const { clock } = deps
  const listeners = new Set<(state: ClinicianRoomState) => void>()
  const inTurn = createTurns()
  const links = createRoomLinks()
  const inherited = new Set<GuestKey>()
  const held = createHeldView(clock, () => changed())
  let drawLater = (): void => {}
  const spent = createSpentKnocks()
  const save = createSaver(write)
  const stops: Stop[] = []
  let identity: HostIdentity | null = null
  let running: Running | null = null
  let practice: PracticeState | null = null
  let patients: readonly Patient[] = []
  let givenName = deps.name
  let tampered = false
  let elsewhere = false
  let beginning = true
  let closed = false
  const calls = () => running?.calls ?? null

  const line = createRoomLine({
    signaling: deps.signaling,
    preferences: deps.preferences,
    onChange() {
      if (line.state().kind === 'refused') void inTurn(renew)
      changed()
    },
    onMessage: (message) => ears.receive(message),
    onIceServers: (servers) => peers.setIceServers(servers),
  })
  const peers = createRoomPeers({
    clock,
    peerLinks: deps.peerLinks,
    media: () => deps.localMedia.state(),
    canRelay: () => line.isOpen(),
    relay: (to, data) => void line.send({ type: 'relay', to, data }),
    onChange: linkChanged,
    onWord: (guest, word) => word.type === 'bye' && session.decide({ type: 'bye', guest, at: now() }),
    onAnswered: () => drawLater(),
    onTampered() {
      tampered = true
      changed()
    },
  })
  const appointments = createRoomAppointments(
    clock,
    deps.schedule,
    () => practice?.me.id ?? null,
    () => void inTurn(() => reception.readAppointments()),
  )
  const session = createRoomSession({
    now,
    calls,
    reception: () => reception,
    onPeople: (people) => peers.setPeople(people),
    onCall() {
      tampered = false
    },
    onChange: () => changed(),
  })
  const reception = createReception({
    now,
    appointments,
    links,
    spent,
    patienceMs: () => (devices.hasOthers() ? otherDeviceMs : 0),
    identity: () => identity,
    calls,
    decide: (event) => session.decide(event),
    onChange: () => changed(),
  })
  const devices = createRoomDevices({
    now,
    ownDevices: deps.ownDevices,
    me: () => (identity?.device.publicKey ?? null) as DeviceKey | null,
    clerk: () => running?.clerk ?? null,
    session,
    reception,
    spent,
    send: (message) => line.send(message),
    isLinked: (guest) => peers.view(guest)?.connection === 'connected',
    async learn(guests) {
      for (const { guest, sealed } of guests) await reception.learn(guest, sealed)
    },
    meet: (guests) => ears.meet(guests),
    onInherited(guests) {
      for (const guest of guests) inherited.add(guest)
    },
    onDevices: () => void inTurn(renew),
    inTurn,
    onChange: () => changed(),
  })
  const ears = createRoomEars({ now, inTurn, identity: () => identity, line, peers, session, reception, devices, calls })
  let state = view()

  stops.push(
    deps.practice.watch((next) => {
      practice = next
      peers.setName(name())
      void inTurn(updateLinks)
      void inTurn(renew)
    }),
    deps.patients.watch((next) => {
      patients = next
      void inTurn(updateLinks)
    }),
    deps.localMedia.subscribe(() => peers.mediaChanged()),
    clock.every(tickMs, tick),
    clock.every(renewMs, () => void inTurn(renew)),
    deps.page.watchOnline((online) => online && lookAgain()),
    watchWaking(deps.page, clock, lookAgain),
    appointments.close,
    devices.close,
  )
  void inTurn(begin).then(() => {
    beginning = false
  })

  // --- beginning ---------------------------------------------------------------------------------------------------

  async function begin(): Promise<void> {
    const release = await takeRoomLock(
      deps,
      () => closed,
      () => setElsewhere(true),
    )
    if (!release) return
    stops.push(release)
    setElsewhere(false)
    const mine = await deps.vault.hostIdentity()
    if (!mine || closed) return
    const record = await readRoom(deps.journal, mine.roomId, now())
    if (closed) return
    identity = mine
    session.restore(record.session)
    reception.restore(record.waiting)
    spent.restore(record.spent)
    if (record.session.kind === 'running') for (const { guest } of record.session.members) inherited.add(guest)
    const present = () => identity ?? mine
    const clerk = createRoomClerk(present, now, { stamp: record.lastStamp, sequence: record.lastSequence })
    const certificate = () => present().certificate
    const maySpeak = () => devices.maySpeak()
    running = { clerk, calls: createRoomCalls({ clock, clerk, certificate, line, peers, session: session.state, maySpeak, inherited }) }
    devices.begin()
    changed()
    line.connect(mine)
  }

  function setElsewhere(next: boolean): void {
    elsewhere = next
    changed()
  }

  /** The vault renews the device's certificate in time, and when a device of mine is removed; the server has to see it. */
  async function renew(): Promise<void> {
    if (!running || closed) return
    await heedMinimum()
    const mine = await deps.vault.hostIdentity()
    // A room that was replaced is opened anew, by the app.
    if (!mine || closed || mine.roomId !== identity?.roomId || mine.certificate === identity.certificate) return
    identity = mine
    line.connect(mine)
  }

  /**
   * The server wants a greater epoch than the chain gives: a removal that came to nothing was heard of there, or somebody with the
   * room's key raised it. Or this device was removed and has not heard of it: so not on the server's word alone.
   */
  async function heedMinimum(): Promise<void> {
    const socket = line.state()
    if (socket.kind !== 'refused' || socket.minimum === undefined || !identity || !devices.isVouchedFor()) return
    await deps.vault.acceptMinimumEpoch(identity.roomId, socket.minimum).catch(() => undefined)
  }

  async function updateLinks(): Promise<void> {
    const linkKey = practice && (await deps.vault.linkKey(practice.me.id))
    if (linkKey && practice) links.update(linkKey, practice.me, patients)
  }

  function linkChanged(guest: GuestKey): void {
    const now_ = session.state()
    const member = now_.kind === 'running' ? now_.members.find((m) => m.guest === guest) : undefined
    const connected = peers.view(guest)?.connection === 'connected'
    if (member && member.linked !== connected) session.decide({ type: 'link', guest, connected, at: now() })
    else changed()
  }

  function tick(): void {
    devices.tick()
    // Nobody can be missed while nobody can be seen.
    if (!line.isOpen()) return
    reception.wait({ type: 'tick', at: now() })
    session.decide({ type: 'tick', at: now() })
    const here = session.state()
    peers.prepare(here.kind === 'running' && !isFull(here) && reception.room().people.length > 0)
  }

  // --- keeping -----------------------------------------------------------------------------------------------------

  function changed(): void {
    if (closed) return
    spent.follow(reception.room(), session.state())
    devices.sessionChanged()
    state = view()
    if (!held.isHeld()) for (const listener of [...listeners]) listener(state)
    save()
  }

  async function write(): Promise<void> {
    if (closed || !running || !identity) return
    const { stamp, sequence } = running.clerk.last()
    const record = { session: session.state(), waiting: reception.room(), spent: spent.list(), lastStamp: stamp, lastSequence: sequence }
    // Keeping on matters more than remembering: without storage a reload rings again, and nothing else is lost.
    await writeRoom(deps.journal, identity.roomId, record).catch(() => undefined)
  }

  function view(): ClinicianRoomState {
    const peer = (guest: GuestKey) => peers.view(guest)
    const clockOffsetMs = line.offsetMs()
    const at = clock.now() + clockOffsetMs
    const facts = {
      waiting: reception.room(),
      session: session.state(),
      tampered,
      elsewhere,
      devices: devices.view(),
      peer,
      at,
      clockOffsetMs,
    }
    return viewRoom({ ...facts, signaling: line.state(), enrolment: line.enrolment() })
  }

  function now(): number {
    return Math.round(clock.now() + line.offsetMs())
  }

  function name(): string {
    return givenName ?? practice?.me.name ?? ''
  }

  function lookAgain(): void {
    line.reconnectNow()
    peers.checkPaths()
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async start(appointment) {
      while (beginning && !elsewhere) await new Promise<void>((resolve) => clock.after(beginPollMs, resolve))
      if (elsewhere || !running) return err('elsewhere')
      const here = session.state()
      if (here.kind === 'running') return here.appointmentId === appointment.id ? ok(undefined) : err('session-running')
      const { remote } = devices.view()
      if (remote?.kind === 'running' && remote.appointmentId === appointment.id) return devices.moveHere()
      if (!practice || !eligibility({ saved: appointment, ...practice, now: now() }).eligible) return err('not-eligible')
      const { closesAt } = startWindow(appointment.startAt)
      session.decide({ type: 'start', call: newCall(), appointmentId: appointment.id, closesAt, at: now() })
      peers.prepare(reception.room().people.length > 0)
      return ok(undefined)
    },
    async accept(guest, options) {
      const here = session.state()
      if (here.kind !== 'running') return err({ kind: 'no-session' })
      const person = reception.find(guest)
      if (!person || person.presence.kind === 'away') return err({ kind: 'gone' })
      if (!line.isOpen() || !devices.maySpeak()) return err({ kind: 'offline' })
      if (isFull(here)) {
        calls()?.note(person, { kind: 'full' })
        return err({ kind: 'full' })
      }
      const entry = state.waiting.find((one) => one.guest === guest)
      const { belongsHere } = placeOf(person, here.appointmentId, now())
      if (!belongsHere && !options?.confirmed && entry) return err({ kind: 'other-appointment', entry })
      drawLater = held.hold(answerWithinMs)
      devices.answered(guest, 'accepted')
      session.decide({ type: 'accept', arrival: arrivalOf(person), at: now() })
      return ok(undefined)
    },
    decline(guest) {
      const person = reception.find(guest)
      if (!person) return
      devices.answered(guest, 'declined')
      // First: where another device was faster, neither counts.
      calls()?.dismiss(guest)
      calls()?.note(person, { kind: 'declined' })
      reception.wait({ type: 'settled', guest, at: now() })
      session.decide({ type: 'presence', guest, presence: 'left', newCall: newCall(), at: now() })
    },
    askForAMoment(guest) {
      const person = reception.find(guest)
      if (person) calls()?.note(person, { kind: 'moment' })
    },
    dismissAnnouncement: () => reception.wait({ type: 'announcement-dismissed', at: now() }),
    seenOthers: () => reception.wait({ type: 'others-seen', at: now() }),
    remove: (guest) => devices.maySpeak() && session.decide({ type: 'remove', guest, at: now() }),
    end() {
      if (!devices.maySpeak()) return
      session.decide({ type: 'end', at: now() })
      peers.prepare(false)
    },
    restart: () => session.decide({ type: 'restart', newCall: newCall(), at: now() }),
    moveHere: devices.moveHere,
    moveTo: devices.moveTo,
    dismissDeviceNotice: devices.dismissNotice,
    setName(next) {
      givenName = displayName(next)
      peers.setName(name())
    },
    reconnectNow: () => line.reconnectNow(),
    enrol: (code) => line.enrol(code),
    close() {
      closed = true
      for (const stop of stops) stop()
      peers.closeAll()
      line.close()
    },
  }
}
