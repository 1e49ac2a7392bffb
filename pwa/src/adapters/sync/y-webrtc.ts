import type { Bytes } from '@alcove/shared/crypto/bytes'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { type WebrtcConn, WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'
import type { Stop } from '../../ports.ts'
import { type Diallable, dialInTurn } from './dialling.ts'

/**
 * The one door to y-webrtc 10.3, which runs as it is. What is known to go wrong in it is kept away from here: it is
 * never left to its own servers, holds one topic once, is closed in the order in which it lets go, and what it throws
 * at the page for strange messages stays here.
 */
export type Provider = {
  /** A change made here (Yjs update V2), for the others. */
  apply(update: Bytes): void
  peers(): readonly Peer[]
  /** A socket that has said nothing for longer than it may is dialled again. */
  checkSocket(): void
  /** Resolves when nothing of it is left: only then may the topic be opened again. */
  close(): Promise<void>
}

/** Another device, from the first word on. */
export type Peer = {
  readonly connection: RTCPeerConnection
  /** y-webrtc then looks for the device again. */
  hangUp(): void
  onClosed(listener: () => void): void
}

export type ProviderOptions = {
  /** `wss://clinic.example/sync` */
  readonly url: string
  readonly topic: string
  readonly password: string
  readonly iceServers: () => readonly IceServer[]
  /** What the document holds now (Yjs update V2). */
  readonly contents: Bytes
  /** Others' changes (Yjs update V2). */
  readonly onUpdate: (update: Bytes) => void
  readonly onServer: (connected: boolean) => void
  /** Before the first word is said to it. */
  readonly onPeer: (peer: Peer) => void
}

/** What is used of simple-peer, which y-webrtc does not type. */
type SimplePeer = {
  readonly _pc: RTCPeerConnection | null
  on(event: 'close', listener: () => void): void
}
/** What is used of y-webrtc's socket, likewise. */
type ServerSocket = {
  readonly connected: boolean
  readonly ws: WebSocket | null
  /** Epoch ms. */
  readonly lastMessageReceived: number
  on(event: 'connect' | 'disconnect', listener: () => void): void
}

/** A practice has a dozen devices; the server lets no more than this into a topic. */
const maxPeers = 24
/** Offers from outside are not counted by y-webrtc: whoever replays them gets this many connections and no more. */
const maxConnections = 2 * maxPeers
/** y-webrtc asks every 15 s, and the server answers. */
const silentMs = 20_000

const fromStore = Symbol('from the store')

export function openProvider(options: ProviderOptions): Provider {
  const copy = new Y.Doc()
  Y.applyUpdateV2(copy, options.contents, fromStore)
  copy.on('updateV2', (update: Uint8Array, origin: unknown) => {
    if (origin !== fromStore) options.onUpdate(Uint8Array.from(update))
  })

  const provider = new WebrtcProvider(options.topic, copy, {
    signaling: [options.url],
    password: options.password,
    maxConns: maxPeers,
    peerOpts: {
      // Read for every connection: credentials expire. Never left out, since simple-peer would ask public servers then.
      get config() {
        return { iceServers: usable(options.iceServers()) }
      },
      // One channel that both sides open by themselves. Otherwise two devices that dial each other in the same moment
      // end with a channel each, and neither hears the other.
      channelConfig: { negotiated: true, id: 0 },
    },
  })
  // Who is online is said by the channel; y-webrtc's own presence would wake every device every 15 s.
  provider.awareness.setLocalState(null)

  const socket: ServerSocket | undefined = provider.signalingConns[0]
  let reached = false
  const sayServer = (connected: boolean) => {
    if (connected === reached) return
    reached = connected
    options.onServer(connected)
  }
  socket?.on('connect', () => sayServer(true))
  socket?.on('disconnect', () => sayServer(false))
  if (socket?.connected) sayServer(true)

  const known = new WeakMap<WebrtcConn, Peer>()
  provider.on('peers', () => {
    for (const connection of provider.room?.webrtcConns.values() ?? []) {
      if (!known.has(connection)) meet(connection)
    }
  })

  function meet(connection: WebrtcConn): void {
    const simple: SimplePeer = connection.peer
    if (!simple._pc || (provider.room?.webrtcConns.size ?? 0) > maxConnections) return connection.destroy()
    dialInTurn(simple._pc as Diallable, (provider.room?.peerId ?? '') > connection.remotePeerId)
    const listeners: (() => void)[] = []
    const peer: Peer = {
      connection: simple._pc,
      hangUp: () => connection.destroy(),
      onClosed: (listener) => void listeners.push(listener),
    }
    simple.on('close', () => {
      for (const listener of listeners) listener()
    })
    known.set(connection, peer)
    options.onPeer(peer)
  }

  const stopContaining = containRejections()
  return {
    apply(update) {
      Y.applyUpdateV2(copy, update, fromStore)
    },
    peers: () => [...(provider.room?.webrtcConns.values() ?? [])].flatMap((connection) => known.get(connection) ?? []),
    checkSocket() {
      if (socket?.connected && Date.now() - socket.lastMessageReceived > silentMs) socket.ws?.close()
    },
    async close() {
      // In this order: `destroy` alone would leave the socket open for good.
      provider.disconnect()
      provider.destroy()
      await provider.key
      copy.destroy()
      // What was on its way when the room went.
      setTimeout(stopContaining, 1000)
    },
  }
}

/**
 * Without any, when the browser refuses one of them (SyntaxError for a strange address): every connection would end as
 * it begins, and be dialled again at once, for ever.
 */
function usable(servers: readonly IceServer[]): RTCIceServer[] {
  const iceServers = servers.map(asRtcServer)
  if (iceServers.length === 0) return iceServers
  try {
    new RTCPeerConnection({ iceServers }).close()
    return iceServers
  } catch {
    return []
  }
}

function asRtcServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls: [...urls],
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}

/**
 * y-webrtc lets its promises reject for an answer that nobody waits for, for a message under another password, and for
 * a socket that closed while it was encrypting. Each is harmless, and none is of the page's own making.
 */
function containRejections(): Stop {
  const contain = (event: PromiseRejectionEvent) => {
    const reason: unknown = event.reason
    if (!(reason instanceof Error || reason instanceof DOMException)) return
    // What WebCrypto rejects comes from no line of any program.
    const isDecryption = reason.name === 'OperationError' && !reason.stack?.includes('://')
    if (isDecryption || reason.stack?.includes(import.meta.url)) event.preventDefault()
  }
  window.addEventListener('unhandledrejection', contain)
  return () => window.removeEventListener('unhandledrejection', contain)
}
