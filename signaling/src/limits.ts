/**
 * Every limit of the server: a named environment variable with a default that a clinic behind one address can live with
 * (some fifty clinicians with two devices each and up to three sockets a device, and their patients on site, all back at
 * once after a power cut).
 */
export const limitDefaults = {
  /** WebSockets open at once, all addresses together. */
  LIMIT_SOCKETS: 10_000,
  /** WebSockets open at once from one address (an IPv6 address counts by its /64). */
  LIMIT_SOCKETS_PER_ADDRESS: 512,
  /** WebSocket handshakes from one address. */
  LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: 1_200,
  /** TCP connections open at once, pages and half-open ones included. */
  LIMIT_CONNECTIONS: 20_000,
  /** The same from one address. Not counted behind a proxy, whose address all of them have. */
  LIMIT_CONNECTIONS_PER_ADDRESS: 2_000,
  /** Messages that one socket may send in the long run. */
  LIMIT_MESSAGES_PER_SOCKET_PER_SECOND: 30,
  /** Messages that one socket may send at a stretch. */
  LIMIT_MESSAGE_BURST_PER_SOCKET: 120,
  /** Bytes that may wait for a slow receiver before its socket is closed. */
  LIMIT_BUFFERED_BYTES_PER_SOCKET: 1024 * 1024,
  /** Rooms with at least one person there, or within the grace. */
  LIMIT_ROOMS: 5_000,
  /** Devices of one clinician that are connected at once. */
  LIMIT_HOSTS_PER_ROOM: 8,
  /** People waiting in one room; the next one is told that the room is full. */
  LIMIT_WAITING_PER_ROOM: 30,
  /** People waiting in one room from one address, so that one stranger cannot fill it. */
  LIMIT_WAITING_PER_ROOM_AND_ADDRESS: 15,
  /** Knocks from one address. */
  LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE: 120,
  /** Knocks at one room. */
  LIMIT_KNOCKS_PER_ROOM_PER_MINUTE: 120,
  /** Notes to one guest. */
  LIMIT_NOTES_PER_GUEST_PER_MINUTE: 30,
  /** Tries of the enrolment code from one address. */
  LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE: 10,
  /** Raises of a room's minimum epoch from one address. */
  LIMIT_EPOCH_RAISES_PER_ADDRESS_PER_MINUTE: 20,
  /** Rooms that get their first minimum epoch from one address: it is stored for good, and anybody can make a room. */
  LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR: 100,
  /** Rooms whose minimum epoch is stored, some 300 bytes each. */
  LIMIT_MINIMUM_EPOCHS: 100_000,
  /** Topics of `/sync` that one socket is subscribed to. */
  LIMIT_TOPICS_PER_SOCKET: 64,
  /** Sockets that are subscribed to one topic: the devices of a practice. */
  LIMIT_SOCKETS_PER_TOPIC: 24,
  /** Topics that somebody is subscribed to. */
  LIMIT_TOPICS: 50_000,
  /** Messages that one socket of `/sync` may send in the long run. */
  LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND: 40,
  /** Messages that one socket of `/sync` may send at a stretch: a device that comes back calls all the others at once. */
  LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET: 320,
  /** Practices whose sealed log is kept. */
  LIMIT_LOG_SPACES: 1_000,
  /** Bytes of one practice's sealed log; an eighth more for what makes room again. */
  LIMIT_LOG_BYTES_PER_SPACE: 256 * 1024 * 1024,
  /** Logs of one practice: one for each of its documents. */
  LIMIT_LOGS_PER_SPACE: 4_096,
  /** Devices of one practice that are connected to `/log` at once. */
  LIMIT_LOG_SOCKETS_PER_SPACE: 96,
  /** Messages that one socket of `/log` may send in the long run. */
  LIMIT_LOG_MESSAGES_PER_SOCKET_PER_SECOND: 100,
  /** Messages that one socket of `/log` may send at a stretch: a device that comes back asks for every log that changed. */
  LIMIT_LOG_MESSAGE_BURST_PER_SOCKET: 4_096,
  /** Bytes of messages to `/log` that have not come whole, all sockets together; strangers have a quarter of it. */
  LIMIT_LOG_INCOMING_BYTES: 128 * 1024 * 1024,
  /** Bytes that may wait for a slow receiver of `/log`: one answer, and a record of 8 MiB fits. */
  LIMIT_LOG_BUFFERED_BYTES_PER_SOCKET: 32 * 1024 * 1024,
  /** Times that devices may say who they are from one address: a signature is checked, and for members their practice's list of logs read. */
  LIMIT_LOG_AUTHENTICATIONS_PER_ADDRESS_PER_MINUTE: 600,
  /** Times that statements of access lists may be brought from one address. */
  LIMIT_LOG_ACCESS_PER_ADDRESS_PER_MINUTE: 240,
  /** Times that recovery kits may be asked for from one address. */
  LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE: 30,
  /** Bytes that the sealed log leaves free on its disk. */
  LIMIT_FREE_DISK_BYTES: 256 * 1024 * 1024,
} as const

/** What other parts count on: a `ready` lists at most a hundred guests. Without one it is a thousand millions. */
export const limitMaxima: { readonly [Name in LimitName]?: number } = {
  LIMIT_WAITING_PER_ROOM: 80,
  LIMIT_HOSTS_PER_ROOM: 16,
  LIMIT_LOG_BYTES_PER_SPACE: 100_000_000_000,
  LIMIT_FREE_DISK_BYTES: 999_999_999_999,
}

export type LimitName = keyof typeof limitDefaults
export type Limits = { readonly [Name in LimitName]: number }

export const limitNames = Object.keys(limitDefaults) as readonly LimitName[]
