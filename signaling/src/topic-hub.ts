import { maxTopicLength, type SyncErrorCode } from '@alcove/shared/protocol/sync-messages'
import type { LimitName, Limits } from './limits.ts'
import { Meter, type Rate } from './rate-limits.ts'
import { closeCodes } from './session-hub/link.ts'
import { errorFrame, type Publication, pongFrame, publicationFrame, read } from './topic-hub/wire.ts'

/** What the hub needs of a socket. `close` may be called more than once. */
export type TopicConnection = {
  /** A whole WebSocket frame. */
  send(frame: Uint8Array): void
  close(code: number, reason: string): void
}

/** Codes alone. A topic is a capability: whoever knows it may listen. */
export type TopicEvent = { readonly type: 'limit'; readonly limit: LimitName } | { readonly type: 'refused'; readonly reason: string }

export type TopicHubDeps = {
  /** Epoch ms. */
  now(): number
  readonly limits: Limits
  report(event: TopicEvent): void
}

export type TopicHub = {
  connect(connection: TopicConnection): Subscriber
  counts(): { readonly connections: number; readonly topics: number; readonly subscriptions: number }
}

/** Who is subscribed, in the order in which they came. */
type Topic = Set<TopicConnection>

type Context = TopicHubDeps & { readonly topics: Map<string, Topic>; readonly rate: Rate; connections: number }

/**
 * Speaks the wire of y-webrtc's signaling server: whoever knows a topic may subscribe to it and publish in it. What is
 * published goes to all subscribers, the sender included, as y-webrtc expects; it reads no more of it than it must.
 */
export function createTopicHub(deps: TopicHubDeps): TopicHub {
  const rate = {
    perMs: deps.limits.LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND / 1000,
    burst: deps.limits.LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET,
  }
  const context: Context = { ...deps, topics: new Map(), rate, connections: 0 }
  return {
    connect: (connection) => new Subscriber(context, connection),
    counts: () => ({
      connections: context.connections,
      topics: context.topics.size,
      subscriptions: [...context.topics.values()].reduce((total, topic) => total + topic.size, 0),
    }),
  }
}

/** One socket's end inside the hub. Calls may come in any order and after the end. A class, since there are thousands. */
export class Subscriber {
  private readonly topics = new Set<string>()
  private readonly meter: Meter
  private open = true
  private readonly context: Context
  private readonly connection: TopicConnection

  constructor(context: Context, connection: TopicConnection) {
    this.context = context
    this.connection = connection
    this.meter = new Meter(context.rate, context.now())
    context.connections += 1
  }

  /** One text message, valid UTF-8. */
  receive(payload: Buffer): void {
    if (!this.open || !this.isWithinRate()) return
    const said = read(payload)
    switch (said.type) {
      case 'publish':
        return this.publish(said.topic, said.message)
      case 'subscribe':
        for (const name of said.topics) this.subscribe(name)
        return
      case 'unsubscribe':
        for (const name of said.topics) if (this.topics.delete(name)) this.leave(name)
        return
      case 'ping':
        return this.connection.send(pongFrame)
      case 'malformed':
        return this.fail('malformed')
    }
  }

  /** A control frame: counted like a message. */
  control(): boolean {
    return this.open && this.isWithinRate()
  }

  refuseBinary(): void {
    if (this.open) this.fail('malformed')
  }

  closed(): void {
    if (!this.open) return
    this.open = false
    this.context.connections -= 1
    for (const name of this.topics) this.leave(name)
    this.topics.clear()
  }

  private fail(code: SyncErrorCode): void {
    this.context.report({ type: 'refused', reason: `sync-${code}` })
    this.connection.send(errorFrame(code))
    this.closed()
    this.connection.close(closeCodes.policy, code)
  }

  private isWithinRate(): boolean {
    const verdict = this.meter.take(this.context.rate, this.context.now())
    if (verdict === 'ok') return true
    this.context.report({ type: 'limit', limit: 'LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND' })
    if (verdict === 'fail') this.fail('rate-limited')
    if (verdict === 'complain') this.connection.send(errorFrame('rate-limited'))
    return false
  }

  private publish(name: string, message: Publication): void {
    const topic = this.context.topics.get(name)
    if (topic === undefined || !topic.has(this.connection)) return this.refuse('not-subscribed', name)
    const frame = publicationFrame(message, topic.size)
    for (const subscriber of topic) subscriber.send(frame)
  }

  private subscribe(name: string): void {
    if (!this.open || this.topics.has(name)) return
    const refusal = this.refusalOf(name)
    if (refusal !== null) return this.refuse(refusal, name)
    const topic = this.context.topics.get(name)
    if (topic === undefined) this.context.topics.set(name, new Set([this.connection]))
    else topic.add(this.connection)
    this.topics.add(name)
  }

  private refusalOf(name: string): SyncErrorCode | null {
    const { topics, limits } = this.context
    if (name.length > maxTopicLength) return 'topic-refused'
    if (this.topics.size >= limits.LIMIT_TOPICS_PER_SOCKET) return this.limited('LIMIT_TOPICS_PER_SOCKET', 'topic-refused')
    const topic = topics.get(name)
    if (topic === undefined) return topics.size >= limits.LIMIT_TOPICS ? this.limited('LIMIT_TOPICS', 'server-full') : null
    return topic.size >= limits.LIMIT_SOCKETS_PER_TOPIC ? this.limited('LIMIT_SOCKETS_PER_TOPIC', 'topic-full') : null
  }

  private limited(limit: LimitName, code: SyncErrorCode): SyncErrorCode {
    this.context.report({ type: 'limit', limit })
    return code
  }

  private refuse(code: SyncErrorCode, name: string): void {
    this.connection.send(errorFrame(code, name.slice(0, maxTopicLength)))
  }

  private leave(name: string): void {
    const topic = this.context.topics.get(name)
    topic?.delete(this.connection)
    if (topic?.size === 0) this.context.topics.delete(name)
  }
}
