import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as syncProtocol from 'y-protocols/sync'
import * as Y from 'yjs'
import type { DeviceChannel, DeviceLinks, Relay } from '../../../pwa/src/sync-ports.ts'
import type { Random } from '../signaling/fuzz.ts'
import type { VirtualTime } from './virtual-time.ts'

type Bytes = Uint8Array<ArrayBuffer>
type LinkOptions = Parameters<DeviceLinks['open']>[0]
type RelayListener = Parameters<Relay['join']>[1]

/** A running app on a device; a device that starts again is another one. */
export type SimProcess = { readonly host: SimHost; alive: boolean }
/** Where a device is on the network. Devices reach each other within an island, and the server when they are online. */
export type SimHost = { readonly name: string; online: boolean; island: number; powered: boolean }

export type SimNetwork = {
  host(name: string): SimHost
  /** Tell it after a host was changed. */
  moved(): void
  linksFor(process: SimProcess): DeviceLinks
  relayFor(process: SimProcess): Relay
  kill(process: SimProcess): void
  /** From now on these two find no way to each other, whatever else they reach. */
  keepApart(a: SimHost, b: SimHost): void
  /** Shows every message of a channel as it is sent. */
  watch(listener: (message: { readonly from: string; readonly to: string; readonly text: string }) => void): void
  /** Messages that this device sent so far, of every kind; and those of all, by kind. */
  sentBy(host: SimHost): number
  counts(): Readonly<Record<string, number>>
}

/** y-webrtc drops what is longer. */
const maxSyncMessageBytes = 256 * 1024
const bytesPerMs = 500

export function createSimNetwork(time: VirtualTime, random: Random): SimNetwork {
  const apart: (readonly [SimHost, SimHost])[] = []
  const members = new Set<Member>()
  const nodes = new Set<Node>()
  const counts: Record<string, number> = {}
  const watchers: ((message: { readonly from: string; readonly to: string; readonly text: string }) => void)[] = []

  type Member = { readonly process: SimProcess; readonly topic: string; readonly listen: RelayListener; connected: boolean }
  type Node = {
    readonly process: SimProcess
    readonly options: LinkOptions
    readonly copy: Y.Doc
    isRead: boolean
    connected: boolean
    closed: boolean
    readonly wires: Map<Node, Wire>
    /** How often the wire to it was given up, and when it may be tried again. */
    readonly failures: Map<Node, number>
    readonly dialling: Set<Node>
  }
  type End = {
    readonly node: Node
    closed: boolean
    onMessage: ((text: string) => void) | null
    onClose: () => void
    waiting: string[]
    lastArrivalAt: number
    fingerprint: string
  }
  type Wire = { readonly ends: readonly [End, End]; broken: boolean; readonly openedAt: number }

  const between = (low: number, high: number) => low + random.next() * (high - low)
  const sent = new Map<SimHost, number>()
  const count = (kind: string, { host }: SimProcess) => {
    counts[kind] = (counts[kind] ?? 0) + 1
    sent.set(host, (sent.get(host) ?? 0) + 1)
  }
  const reachesServer = ({ host, alive }: SimProcess) => alive && host.online && host.powered
  const isBarred = (a: SimHost, b: SimHost) => apart.some((pair) => pair.includes(a) && pair.includes(b))
  const reach = (a: SimProcess, b: SimProcess) =>
    a.alive && b.alive && a.host.powered && b.host.powered && a.host.island === b.host.island && !isBarred(a.host, b.host)

  // --- the server ----------------------------------------------------------------------------------------------------

  /** Follows a host's connection to the server. Whoever was gone for a moment has lost it, and notices late. */
  function followServer(
    process: SimProcess,
    isGone: () => boolean,
    state: { connected: boolean },
    tell: (connected: boolean) => void,
  ): void {
    if (isGone() || !process.alive || state.connected === reachesServer(process)) return
    const isLost = state.connected
    time.after(isLost ? between(0, 5000) : between(50, 3000), () => {
      if (isGone() || !process.alive || state.connected !== isLost || (!isLost && !reachesServer(process))) return
      state.connected = !isLost
      tell(state.connected)
      followServer(process, isGone, state, tell)
    })
  }

  function followMember(member: Member): void {
    followServer(
      member.process,
      () => !members.has(member),
      member,
      (connected) => member.listen({ type: connected ? 'open' : 'lost' }),
    )
  }

  function followNode(node: Node): void {
    followServer(
      node.process,
      () => node.closed,
      node,
      (connected) => {
        node.options.listen({ type: 'server', connected })
        dialAll()
      },
    )
  }

  function publish(from: Member, data: string): boolean {
    if (!members.has(from) || !from.connected) return false
    count('relay', from.process)
    if (!reachesServer(from.process)) return true
    for (const to of members) {
      if (to === from || to.topic !== from.topic) continue
      const copies = random.below(20) === 0 ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        // Each for itself: they overtake each other.
        time.after(between(5, 400), () => {
          if (members.has(to) && to.connected && reachesServer(to.process)) to.listen({ type: 'message', data })
        })
      }
    }
    return true
  }

  // --- connections between devices -----------------------------------------------------------------------------------

  function dialAll(): void {
    const all = [...nodes]
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) dial(a, b)
  }

  function mayDial(a: Node, b: Node): boolean {
    const { topic, password } = a.options
    const isSamePlace = topic === b.options.topic && password === b.options.password && a.process.host !== b.process.host
    return (
      isSamePlace &&
      !a.closed &&
      !b.closed &&
      a.connected &&
      b.connected &&
      reach(a.process, b.process) &&
      !a.wires.has(b) &&
      !b.wires.has(a)
    )
  }

  function dial(a: Node, b: Node): void {
    if (a.dialling.has(b) || !mayDial(a, b)) return
    a.dialling.add(b)
    b.dialling.add(a)
    const failures = Math.max(a.failures.get(b) ?? 0, b.failures.get(a) ?? 0)
    time.after(between(50, 1500) + (failures > 0 ? Math.min(60_000, 1000 * 2 ** failures) : 0), () => {
      a.dialling.delete(b)
      b.dialling.delete(a)
      if (mayDial(a, b)) connect(a, b)
    })
  }

  function connect(a: Node, b: Node): void {
    const end = (node: Node): End => ({
      node,
      closed: false,
      onMessage: null,
      onClose: () => undefined,
      waiting: [],
      lastArrivalAt: 0,
      fingerprint: Buffer.from(random.bytes(32)).toString('hex').toUpperCase(),
    })
    const wire: Wire = { ends: [end(a), end(b)], broken: false, openedAt: time.now() }
    a.wires.set(b, wire)
    b.wires.set(a, wire)
    for (const node of [a, b]) {
      const [mine, theirs] = endsOf(wire, node)
      node.options.listen({ type: 'channel', channel: channelOf(wire, mine, theirs) })
      startSync(wire, mine, theirs)
    }
  }

  function endsOf(wire: Wire, node: Node): [End, End] {
    const [first, second] = wire.ends
    return first.node === node ? [first, second] : [second, first]
  }

  function isUp(wire: Wire, from: End, to: End): boolean {
    return !wire.broken && !from.closed && !to.closed && reach(from.node.process, to.node.process)
  }

  function channelOf(wire: Wire, mine: End, theirs: End): DeviceChannel {
    return {
      fingerprints: { mine: mine.fingerprint, theirs: theirs.fingerprint },
      send(text) {
        if (mine.closed || !mine.node.process.alive) return Promise.resolve(false)
        count(`channel ${/"type":"([\w-]+)"/.exec(text)?.[1] ?? ''}`, mine.node.process)
        for (const watcher of watchers) watcher({ from: mine.node.process.host.name, to: theirs.node.process.host.name, text })
        const takesMs = text.length / bytesPerMs
        // In order: never before the one before it.
        const arrivesAt = Math.max(theirs.lastArrivalAt, time.now() + takesMs + between(2, 150))
        theirs.lastArrivalAt = arrivesAt
        time.after(arrivesAt - time.now(), () => {
          if (!isUp(wire, mine, theirs)) {
            wire.broken = true
            return
          }
          if (theirs.onMessage) theirs.onMessage(text)
          else theirs.waiting.push(text)
        })
        return new Promise((resolve) => {
          time.after(takesMs, () => mine.node.process.alive && resolve(!mine.closed))
        })
      },
      listen(onMessage, onClose) {
        mine.onMessage = onMessage
        mine.onClose = onClose
        for (const text of mine.waiting.splice(0)) onMessage(text)
      },
      close: () => hangUp(wire, mine, theirs),
    }
  }

  /** The other side notices soon, when it can be reached; otherwise late. */
  function hangUp(wire: Wire, mine: End, theirs: End): void {
    if (mine.closed) return
    mine.closed = true
    wire.broken = true
    forget(wire, mine, theirs)
    time.after(reach(mine.node.process, theirs.node.process) ? between(5, 200) : between(0, 20_000), () => drop(wire, theirs, mine))
  }

  function drop(wire: Wire, mine: End, theirs: End): void {
    if (mine.closed || !mine.node.process.alive) return
    mine.closed = true
    forget(wire, mine, theirs)
    mine.onClose()
    dialAll()
  }

  function forget(wire: Wire, mine: End, theirs: End): void {
    if (mine.node.wires.get(theirs.node) === wire) mine.node.wires.delete(theirs.node)
    const wasShort = time.now() - wire.openedAt < 60_000
    mine.node.failures.set(theirs.node, wasShort ? (mine.node.failures.get(theirs.node) ?? 0) + 1 : 0)
    time.after(100, dialAll)
  }

  /** Wires over a border are dead; both sides notice later. */
  function cutWires(): void {
    for (const node of nodes) {
      for (const wire of node.wires.values()) {
        const [mine, theirs] = endsOf(wire, node)
        if (reach(mine.node.process, theirs.node.process)) continue
        wire.broken = true
        time.after(between(0, 20_000), () => drop(wire, mine, theirs))
      }
    }
  }

  // --- the practice document, as y-webrtc syncs it ---------------------------------------------------------------------

  function sendSync(wire: Wire, mine: End, theirs: End, message: Uint8Array): void {
    count('document', mine.node.process)
    if (message.length > maxSyncMessageBytes) return
    const copies = random.below(20) === 0 ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      time.after(between(2, 300), () => {
        if (!isUp(wire, mine, theirs)) return
        const reply = encoding.createEncoder()
        syncProtocol.readSyncMessage(decoding.createDecoder(message), reply, theirs.node.copy, wire)
        if (encoding.length(reply) > 0) sendSync(wire, theirs, mine, encoding.toUint8Array(reply))
      })
    }
  }

  function startSync(wire: Wire, mine: End, theirs: End): void {
    if (mine.closed || !mine.node.isRead) return
    const encoder = encoding.createEncoder()
    syncProtocol.writeSyncStep1(encoder, mine.node.copy)
    sendSync(wire, mine, theirs, encoding.toUint8Array(encoder))
  }

  function openNode(process: SimProcess, options: LinkOptions): Node {
    const copy = new Y.Doc()
    copy.clientID = random.below(2 ** 31)
    const node: Node = {
      process,
      options,
      copy,
      isRead: false,
      connected: false,
      closed: false,
      wires: new Map(),
      failures: new Map(),
      dialling: new Set(),
    }
    const fromStore = Symbol('from the store')
    copy.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== fromStore && process.alive && !node.closed) options.document.apply(Y.convertUpdateFormatV1ToV2(update) as Bytes)
      const encoder = encoding.createEncoder()
      syncProtocol.writeUpdate(encoder, update)
      for (const wire of node.wires.values()) {
        const [mine, theirs] = endsOf(wire, node)
        sendSync(wire, mine, theirs, encoding.toUint8Array(encoder))
      }
    })
    const stopWatching = options.document.watch((update) => Y.applyUpdateV2(copy, update, fromStore))
    stops.set(node, stopWatching)
    void options.document.read().then((update) => {
      if (node.closed || !process.alive) return
      Y.applyUpdateV2(copy, update, fromStore)
      node.isRead = true
      for (const wire of node.wires.values()) startSync(wire, ...endsOf(wire, node))
    })
    nodes.add(node)
    followNode(node)
    return node
  }
  const stops = new Map<Node, () => void>()

  function closeNode(node: Node): void {
    if (node.closed) return
    for (const wire of [...node.wires.values()]) hangUp(wire, ...endsOf(wire, node))
    node.closed = true
    nodes.delete(node)
    stops.get(node)?.()
    stops.delete(node)
  }

  return {
    host(name) {
      const host: SimHost = { name, online: true, island: 0, powered: true }
      return host
    },
    moved() {
      cutWires()
      for (const member of members) followMember(member)
      for (const node of nodes) followNode(node)
      dialAll()
    },
    linksFor: (process) => ({
      open(options) {
        const node = openNode(process, options)
        return () => closeNode(node)
      },
    }),
    relayFor: (process) => ({
      join(topic, listen) {
        const member: Member = { process, topic, listen, connected: false }
        members.add(member)
        followMember(member)
        return { publish: (data) => process.alive && publish(member, data), leave: () => void members.delete(member) }
      },
    }),
    kill(process) {
      process.alive = false
      for (const member of members) if (member.process === process) members.delete(member)
      for (const node of nodes) {
        if (node.process !== process) continue
        for (const wire of node.wires.values()) {
          const [mine, theirs] = endsOf(wire, node)
          mine.closed = true
          wire.broken = true
          time.after(between(0, 20_000), () => drop(wire, theirs, mine))
        }
        node.closed = true
        nodes.delete(node)
      }
    },
    keepApart(a, b) {
      apart.push([a, b])
      cutWires()
    },
    watch: (listener) => void watchers.push(listener),
    sentBy: (host) => sent.get(host) ?? 0,
    counts: () => counts,
  }
}
