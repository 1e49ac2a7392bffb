import { createRequire } from 'node:module'
import { issueEnd, issueRoster, issueTicket } from '@alcove/shared/crypto/admission'
import { hashText, randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import { signAuthentication } from '@alcove/shared/crypto/signed'
import type { CallId, GuestKey, RoomId } from '@alcove/shared/domain/ids'
import type { TicketContents } from '@alcove/shared/protocol/peer-messages'
import { decode } from '@alcove/shared/protocol/decode'
import type { GenericSchema } from '@alcove/shared/protocol/schema'
import {
  type ClientToServerMessage,
  type GuestToServerMessage,
  type HostToServerMessage,
  maxServerFrameBytes,
  type ServerMessage,
  type ServerToGuestMessage,
  type ServerToHostMessage,
  serverToGuestMessage,
  serverToHostMessage,
} from '@alcove/shared/protocol/session-messages'
import { keyOf, newPair, type TestRoom } from './crypto-people.ts'

/** Not by `import`: the test projects prefer what packages have for browsers, and there ws has nothing. */
const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')

/** A scripted host and guest that speak the session wire over anything that carries text: a real socket or a socket pair. */
export type Wire = {
  send(text: string): void
  /** Every text that came, in order. */
  readonly received: readonly string[]
  isOpen(): boolean
  /** The WebSocket close code, once closed by the other side. */
  closeCode(): number | null
  /** Cuts it, without a closing word. */
  cut(): void
}

export type WebSocketWire = Wire & {
  /** Reads nothing more. */
  pause(): void
}

type Found<T> = Exclude<T, undefined | false | null>

/** Polls until there is something. */
export async function until<T>(find: () => T | Promise<T>, what = 'it', withinMs = 10_000): Promise<Found<T>> {
  for (const deadline = Date.now() + withinMs; ; ) {
    const found = await find()
    if (found !== undefined && found !== false && found !== null) return found as Found<T>
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** A real WebSocket. Rejects when the handshake is refused, with the status. */
export function openWebSocket(
  url: string,
  origin: string,
  headers: Record<string, string> = {},
  tls: { rejectUnauthorized?: boolean } = {},
): Promise<WebSocketWire> {
  // A mask of zeros lets a test read on the wire what the server reads.
  const generateMask = (mask: Buffer) => void mask.fill(0)
  const socket = new WebSocket(url, 'alcove.session.1', { origin, headers, perMessageDeflate: false, generateMask, ...tls })
  const received: string[] = []
  let closeCode: number | null = null
  socket.on('message', (data) => received.push(data.toString()))
  socket.on('close', (code) => {
    closeCode = code
  })
  const wire: WebSocketWire = {
    received,
    send: (text) => socket.send(text),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    closeCode: () => closeCode,
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
  }
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(wire))
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`refused with ${response.statusCode}`))
      response.resume()
    })
    socket.on('error', reject)
  })
}

export type Party<Incoming extends ServerMessage, Outgoing extends ClientToServerMessage> = {
  readonly wire: Wire
  send(message: Outgoing): void
  all(): Incoming[]
  of<Type extends Incoming['type']>(type: Type): Extract<Incoming, { type: Type }>[]
  /** Waits until there are `count` of this type and returns the last. */
  next<Type extends Incoming['type']>(type: Type, count?: number): Promise<Extract<Incoming, { type: Type }>>
  errors(): string[]
  /** Returns when everything that was sent before has been dealt with. */
  sync(): Promise<void>
}

function createParty<Incoming extends ServerMessage, Outgoing extends ClientToServerMessage>(
  wire: Wire,
  schema: GenericSchema<unknown, Incoming>,
): Party<Incoming, Outgoing> {
  const decoded: Incoming[] = []
  const all = (): Incoming[] => {
    for (const text of wire.received.slice(decoded.length)) {
      const message = decode(schema, text, maxServerFrameBytes)
      if (!message.ok) throw new Error(`The server broke its own protocol (${message.error}): ${text.slice(0, 200)}`)
      decoded.push(message.value)
    }
    return decoded
  }
  const party: Party<Incoming, Outgoing> = {
    wire,
    send: (message) => wire.send(JSON.stringify(message)),
    all,
    of: <Type extends Incoming['type']>(type: Type) =>
      all().filter((message): message is Extract<Incoming, { type: Type }> => message.type === type),
    next: (type, count = 1) => until(() => (party.of(type).length >= count ? party.of(type).at(-1) : null), `message ${count} "${type}"`),
    errors: () => all().flatMap((message) => (message.type === 'error' ? [message.code] : [])),
    async sync() {
      const before = all().filter(({ type }) => type === 'pong').length
      wire.send('{"type":"ping"}')
      await until(() => all().filter(({ type }) => type === 'pong').length > before || !wire.isOpen(), 'pong')
    },
  }
  return party
}

export type ScriptedGuest = Party<ServerToGuestMessage, GuestToServerMessage> & {
  readonly key: GuestKey
  readonly pair: KeyPair
  /** Knocks with these sealed characters, or random ones, and returns them. */
  knock(sealed?: string): string
}

/** Connects and answers the hello; does not wait for `ready`. */
export async function connectGuest(wire: Wire, origin: string, room: RoomId, pair?: KeyPair): Promise<ScriptedGuest> {
  const own = pair ?? (await newPair())
  const party = createParty<ServerToGuestMessage, GuestToServerMessage>(wire, serverToGuestMessage)
  const { connection, nonce } = await party.next('hello')
  const signature = await signAuthentication(own, { origin, connection, nonce, role: 'guest', room })
  wire.send(JSON.stringify({ type: 'authenticate', role: 'guest', room, guestKey: own.publicKey, signature }))
  return {
    ...party,
    key: keyOf(own),
    pair: own,
    knock(sealed = randomSealed()) {
      party.send({ type: 'knock', sealed })
      return sealed
    },
  }
}

export type ScriptedHost = Party<ServerToHostMessage, HostToServerMessage> & {
  readonly room: TestRoom
  ticket(guest: GuestKey, sealed: string, call: CallId, change?: Partial<TicketContents>): Promise<string>
  admit(guest: GuestKey, sealed: string, call: CallId, change?: Partial<TicketContents>): Promise<string>
  roster(call: CallId, sequence: number, guests: readonly { guest: GuestKey; sealed: string }[]): Promise<string>
  end(call: CallId): Promise<string>
}

/** The device's clock: tickets must be newer and newer. */
export type HostClock = () => number

export async function connectHost(wire: Wire, origin: string, room: TestRoom, now: HostClock, enrolment?: string): Promise<ScriptedHost> {
  const party = createParty<ServerToHostMessage, HostToServerMessage>(wire, serverToHostMessage)
  const { connection, nonce } = await party.next('hello')
  const fields = { origin, connection, nonce, role: 'host' as const, room: room.room }
  const signature = await signAuthentication(room.device, fields)
  const { roomKey, certificate } = room
  const proof = enrolment === undefined ? {} : { enrolment }
  wire.send(JSON.stringify({ type: 'authenticate', role: 'host', room: room.room, roomKey, certificate, signature, ...proof }))
  let issuedAt = 0
  const host: ScriptedHost = {
    ...party,
    room,
    async ticket(guest, sealed, call, change = {}) {
      issuedAt = Math.max(issuedAt + 1, now())
      const contents = {
        room: room.room,
        call,
        guest,
        knock: await hashText(sealed),
        hostKey: room.device.publicKey,
        issuedAt,
        expiresAt: issuedAt + 60_000,
      }
      return issueTicket(room.device, { ...contents, ...change })
    },
    async admit(guest, sealed, call, change) {
      const ticket = await host.ticket(guest, sealed, call, change)
      party.send({ type: 'admit', guest, ticket })
      return ticket
    },
    async roster(call, sequence, guests) {
      const entries = await Promise.all(guests.map(async ({ guest, sealed }) => ({ guest, knock: await hashText(sealed) })))
      const roster = await issueRoster(room.device, { room: room.room, call, sequence, guests: entries })
      party.send({ type: 'roster', roster })
      return roster
    },
    async end(call) {
      const end = await issueEnd(room.device, { room: room.room, call, endedAt: now() })
      party.send({ type: 'end', end })
      return end
    },
  }
  return host
}

/** As long as a real sealed knock; the server cannot tell. */
export function randomSealed(): string {
  return toBase64Url(randomBytes(300))
}
