import { backoffMs } from '@alcove/shared/call/backoff'
import { decode } from '@alcove/shared/protocol/decode'
import { maxSyncFrameBytes, syncServerMessage } from '@alcove/shared/protocol/sync-messages'
import type { Clock, Stop } from '../../ports.ts'
import type { Relay } from '../../sync-ports.ts'

/** What is used of a browser's WebSocket. */
export type RelaySocket = Pick<WebSocket, 'send' | 'close'> & {
  onopen: (() => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: (() => void) | null
}

export type RelayDeps = {
  /** `wss://clinic.example/sync` */
  readonly url: string
  readonly clock: Clock
  /** A number in [0, 1), for the backoff. */
  readonly random: () => number
  readonly openSocket: (url: string) => RelaySocket
}

type Member = {
  readonly topic: string
  readonly listen: Parameters<Relay['join']>[1]
  told: 'nothing' | 'open' | 'lost'
}

const openWithinMs = 10_000
const pingEveryMs = 20_000
const pongWithinMs = 10_000
/** Open for less than this: the server sends us away, and is left alone for longer each time. */
const steadyAfterMs = 5_000
/** Echoes that have not come yet. What a full server dropped never comes. */
const maxEchoes = 256

/**
 * `/sync` for small messages, over y-webrtc's wire: `subscribe`, `publish`, `ping`. One socket for all topics, there
 * while there is one, back by itself. The server sends everything to everybody, the sender too; a message that this
 * page sent is not given to the one who sent it.
 */
export function createRelay(deps: RelayDeps): Relay & { hurry(): void } {
  const { clock } = deps
  const members = new Set<Member>()
  let echoes: { readonly data: string; readonly from: Member }[] = []
  let current: { readonly socket: RelaySocket; openedAt: number | null; heardAt: number } | null = null
  let attempt = 0
  let stopRetry: Stop | null = null
  let timers: Stop[] = []
  let stopPongTimer: Stop = () => {}
  const isOpen = () => current !== null && current.openedAt !== null

  function connect(): void {
    drop()
    const socket = deps.openSocket(deps.url)
    const connection = { socket, openedAt: null as number | null, heardAt: clock.now() }
    current = connection
    socket.onopen = () => {
      if (current !== connection) return
      connection.openedAt = connection.heardAt = clock.now()
      stopTimers()
      timers.push(clock.every(pingEveryMs, ping))
      subscribe(new Set([...members].map(({ topic }) => topic)))
      for (const member of members) tell(member, 'open')
    }
    socket.onmessage = (event) => {
      if (current !== connection) return
      connection.heardAt = clock.now()
      if (typeof event.data === 'string') receive(event.data)
    }
    socket.onclose = () => {
      if (current === connection) lost()
    }
    timers.push(clock.after(openWithinMs, lost))
  }

  function receive(text: string): void {
    const decoded = decode(syncServerMessage, text, maxSyncFrameBytes + 1024)
    if (!decoded.ok || decoded.value.type !== 'publish') return
    const { topic, data } = decoded.value
    const echo = echoes.find((one) => one.data === data && one.from.topic === topic)
    if (echo) echoes = echoes.filter((one) => one !== echo)
    for (const member of [...members]) {
      if (member.topic === topic && member !== echo?.from) member.listen({ type: 'message', data })
    }
  }

  function ping(): void {
    const sentAt = clock.now()
    say({ type: 'ping' })
    stopPongTimer()
    stopPongTimer = clock.after(pongWithinMs, () => current && current.heardAt < sentAt && lost())
  }

  function lost(): void {
    const openedAt = current?.openedAt ?? null
    if (openedAt !== null && clock.now() - openedAt > steadyAfterMs) attempt = 0
    drop()
    if (members.size === 0) return
    stopRetry = clock.after(backoffMs(attempt, deps.random()), connect)
    attempt += 1
    for (const member of [...members]) tell(member, 'lost')
  }

  function drop(): void {
    stopTimers()
    echoes = []
    const before = current
    current = null
    if (!before) return
    before.socket.onopen = before.socket.onmessage = before.socket.onclose = null
    before.socket.close()
  }

  function stopTimers(): void {
    for (const stop of timers) stop()
    timers = []
    stopPongTimer()
    stopRetry?.()
    stopRetry = null
  }

  function tell(member: Member, type: 'open' | 'lost'): void {
    if (member.told === type || !members.has(member)) return
    member.told = type
    member.listen({ type })
  }

  /** @returns false when it cannot be sent. */
  function say(message: object): boolean {
    if (!current || !isOpen()) return false
    const text = JSON.stringify(message)
    // One character may be three bytes; what we send is base64url.
    if (text.length > maxSyncFrameBytes) return false
    current.socket.send(text)
    return true
  }

  function subscribe(topics: ReadonlySet<string>): void {
    say({ type: 'subscribe', topics: [...topics] })
  }

  function hasOthers(topic: string): boolean {
    return [...members].some((member) => member.topic === topic)
  }

  return {
    join(topic, listen) {
      const member: Member = { topic, listen, told: 'nothing' }
      const isNew = !hasOthers(topic)
      members.add(member)
      if (!current && !stopRetry) connect()
      else if (isOpen() && isNew) subscribe(new Set([topic]))
      // After the caller has what it gets from here.
      queueMicrotask(() => {
        if (isOpen()) tell(member, 'open')
        else if (stopRetry) tell(member, 'lost')
      })
      return {
        publish(data) {
          if (!members.has(member) || !say({ type: 'publish', topic, data })) return false
          echoes = [...echoes, { data, from: member }].slice(-maxEchoes)
          return true
        },
        leave() {
          if (!members.delete(member)) return
          if (members.size === 0) {
            drop()
            attempt = 0
          } else if (!hasOthers(topic)) say({ type: 'unsubscribe', topics: [topic] })
        },
      }
    },
    hurry() {
      if (members.size === 0) return
      if (isOpen()) return ping()
      if (current) return
      attempt = 0
      connect()
    },
  }
}

/** The sync endpoint of the server that this page came from. */
export function syncUrl(location: Pick<Location, 'protocol' | 'host'>): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sync`
}

/** What is set on it takes fewer arguments than a browser gives; TypeScript compares what is read instead. */
export function openRelaySocket(url: string): RelaySocket {
  return new WebSocket(url) as RelaySocket
}
