import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { createClock } from '../../../../pwa/src/adapters/platform/clock.ts'
import { createSharedDocument } from '../../../../pwa/src/adapters/schedule/documents.ts'
import { createRelay, openRelaySocket } from '../../../../pwa/src/adapters/signaling/relay.ts'
import { createDeviceLinks } from '../../../../pwa/src/adapters/sync/device-links.ts'
import type { Stop } from '../../../../pwa/src/ports.ts'
import type { DeviceChannel } from '../../../../pwa/src/sync-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** One device: a document, the links to others, and what came over their channels. */
type Line = {
  readonly channel: DeviceChannel
  /** Of each text: its length, and its start and end, by which a test knows it. */
  readonly heard: { readonly length: number; readonly ends: string }[]
  isClosed: boolean
}

declare global {
  interface Window {
    device: typeof device
  }
}

const clock = createClock()
const connections: RTCPeerConnection[] = []
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    connections.push(this)
  }
}

const shared = createSharedDocument()
const watchers = new Set<(update: Bytes) => void>()
const server: boolean[] = []
let iceServers: readonly IceServer[] = []
let lines: Line[] = []
let stop: Stop = () => undefined
let relay: ReturnType<ReturnType<typeof createRelay>['join']> | null = null
const relayed: string[] = []

const open = () => lines.filter((line) => !line.isClosed)

const device = {
  useIceServers(servers: readonly IceServer[]): void {
    iceServers = servers
  },
  open(url: string, topic: string, password: string): void {
    stop = createDeviceLinks({ url, clock, random: Math.random }).open({
      topic,
      password,
      iceServers: () => iceServers,
      document: {
        read: async () => shared.snapshot(),
        apply: (update) => void shared.apply([update]),
        watch(listener) {
          watchers.add(listener)
          return () => void watchers.delete(listener)
        },
      },
      listen(event) {
        if (event.type === 'server') return void server.push(event.connected)
        const line: Line = { channel: event.channel, heard: [], isClosed: false }
        lines.push(line)
        event.channel.listen(
          (text) => void line.heard.push({ length: text.length, ends: text.slice(0, 3) + text.slice(-3) }),
          () => {
            line.isClosed = true
          },
        )
      },
    })
  },
  close: () => stop(),
  /** The page asks whether to leave, and the person stays. */
  almostLeave: () => void window.dispatchEvent(new Event('beforeunload', { cancelable: true })),

  change(name: string, value: string): void {
    const update = shared.capture(() => shared.changeSettings('practice', { [name]: value }))
    if (update) for (const listener of [...watchers]) listener(update)
  },
  read: (name: string) => shared.settings('practice')[name] ?? null,

  server: () => server,
  /** How many channels are open, and the fingerprints of the last one. */
  channels: () => open().length,
  everOpened: () => lines.length,
  fingerprints: () => open().at(-1)?.channel.fingerprints ?? null,
  heard: () => open().flatMap((line) => line.heard),
  forget: () => {
    lines = open()
    for (const line of lines) line.heard.length = 0
  },
  say: (text: string) => open().at(-1)?.channel.send(text) ?? Promise.resolve(false),
  /** A text of so many characters; resolves when all of it was handed to the browser. */
  async sayMuch(characters: number, start: string, end: string): Promise<boolean> {
    const text = start + 'x'.repeat(characters - start.length - end.length) + end
    return (await open().at(-1)?.channel.send(text)) ?? false
  },
  hangUp: () => open().at(-1)?.channel.close(),
  /** The browser finds that the way to the other device is lost. */
  losePeers(): void {
    for (const connection of connections.filter((one) => one.connectionState === 'connected')) {
      Object.defineProperty(connection, 'iceConnectionState', { configurable: true, value: 'failed' })
      connection.oniceconnectionstatechange?.(new Event('iceconnectionstatechange'))
    }
  },
  connections: () => connections.filter((one) => one.connectionState !== 'closed').length,
  /** Addresses that any connection was told to ask. */
  iceServers: () => connections.flatMap((one) => one.getConfiguration().iceServers ?? []).length,

  relay: {
    join(url: string, topic: string): void {
      relay = createRelay({ url, clock, random: Math.random, openSocket: openRelaySocket }).join(
        topic,
        (event) => void relayed.push(event.type === 'message' ? event.data : event.type),
      )
    },
    publish: (data: string) => relay?.publish(data) ?? false,
    heard: () => relayed,
    leave: () => relay?.leave(),
  },
}

window.device = device
