import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { HostToServerMessage, IceServer, ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { HostIdentity, Preferences, Signaling, Socket, SocketEvent, SocketState } from '../../ports.ts'
import type { ClinicianRoomState } from './room-state.ts'

export type RoomLineDeps = {
  readonly signaling: Pick<Signaling, 'host'>
  readonly preferences: Preferences
  readonly onChange: () => void
  readonly onMessage: (message: ServerToHostMessage) => void
  readonly onIceServers: (servers: readonly IceServer[]) => void
}

/** The clinician's connection to the server. */
export type RoomLine = {
  state(): SocketState
  isOpen(): boolean
  /** Server minus device. */
  offsetMs(): number
  enrolment(): ClinicianRoomState['enrolment']
  connect(identity: HostIdentity): void
  send(message: HostToServerMessage): boolean
  enrol(code: string): Promise<Result<void, 'refused' | 'offline'>>
  reconnectNow(): void
  close(): void
}

/** The preference with the proof of enrolment. */
export const enrolmentKey = 'enrolment'

export function createRoomLine(deps: RoomLineDeps): RoomLine {
  const { preferences } = deps
  let socket: Socket<HostToServerMessage> | null = null
  let state: SocketState = { kind: 'connecting' }
  let offsetMs = 0
  let enrolment: ClinicianRoomState['enrolment'] = 'unknown'
  let closed = false
  let answerEnrol: ((answer: Result<void, 'refused' | 'offline'>) => void) | null = null

  function listen(event: SocketEvent<ServerToHostMessage>): void {
    switch (event.type) {
      case 'state':
        state = event.state
        if (state.kind !== 'open') settleEnrol(err('offline'))
        return deps.onChange()
      case 'clock':
        offsetMs = event.offsetMs
        return deps.onChange()
      case 'message':
        return receive(event.message)
    }
  }

  function receive(message: ServerToHostMessage): void {
    switch (message.type) {
      case 'ready':
        enrolment = message.enrolment
        deps.onIceServers(message.iceServers)
        break
      case 'enrolled':
        preferences.set(enrolmentKey, message.enrolment)
        enrolment = 'done'
        deps.onIceServers(message.iceServers)
        settleEnrol(ok(undefined))
        deps.onChange()
        break
      case 'ice-servers':
        deps.onIceServers(message.iceServers)
        break
      case 'error':
        if (message.code === 'enrolment-refused') settleEnrol(err('refused'))
        break
    }
    deps.onMessage(message)
  }

  function settleEnrol(answer: Result<void, 'refused' | 'offline'>): void {
    answerEnrol?.(answer)
    answerEnrol = null
  }

  return {
    state: () => state,
    isOpen: () => state.kind === 'open',
    offsetMs: () => offsetMs,
    enrolment: () => enrolment,
    connect(identity) {
      if (closed) return
      socket?.close()
      socket = deps.signaling.host(identity, preferences.get(enrolmentKey), listen)
    },
    send: (message) => socket?.send(message) ?? false,
    enrol(code) {
      settleEnrol(err('offline'))
      if (!socket?.send({ type: 'enrol', code })) return Promise.resolve(err('offline'))
      return new Promise((resolve) => {
        answerEnrol = resolve
      })
    },
    reconnectNow: () => socket?.reconnectNow(),
    close() {
      closed = true
      socket?.close()
      socket = null
    },
  }
}
