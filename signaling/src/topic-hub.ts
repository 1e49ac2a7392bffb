import { maxTopicLength, type SyncErrorCode } from '@alcove/shared/protocol/sync-messages'
import type { LimitName, Limits } from './limits.ts'
import { createMeter } from './rate-limits.ts'
import { closeCodes } from './session-hub/link.ts'
import { errorFrame, type Publication, pongFrame, publicationFrame, read } from './topic-hub/wire.ts'

/** What the hub needs of a socket. `close` may be called more than once. */
export type TopicConnection = {
  /** A whole WebSocket frame. */
  send(frame: Uint8Array): void
  close(code: number, reason: string): void
}

export type TopicHubDeps = {
  /** Epoch ms. */
  now(): number
  readonly limits: Limits
  /** Codes alone. A topic is a capability: whoever knows it may listen. */
  report(event: { readonly type: 'limit'; readonly limit: LimitName } | { readonly type: 'refused'; readonly reason: string }): void
}

export type TopicClient = {
  /** One text message, valid UTF-8. Its bytes are passed on, so they must not change afterwards. */
  receive(payload: Buffer): void
  refuseBinary(): void
  closed(): void
}

export type TopicHub = {
  connect(connection: TopicConnection): TopicClient
  counts(): { readonly connections: number; readonly topics: number; readonly subscriptions: number }
}

/** The set of who is subscribed, in the order in which they came. */
type Topic = Set<TopicConnection>

/**
 * Speaks the wire of y-webrtc's signaling server: whoever knows a topic may subscribe to it and publish in it. What is
 * published goes to all subscribers, the sender included, as y-webrtc expects; it reads no more of it than it must.
 */
export function createTopicHub({ now, limits, report }: TopicHubDeps): TopicHub {
  const topics = new Map<string, Topic>()
  const rate = {
    perMs: limits.LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND / 1000,
    burst: limits.LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET,
  }
  let connections = 0

  function refusalOf(name: string, own: ReadonlySet<string>): SyncErrorCode | null {
    if (name.length > maxTopicLength) return 'topic-refused'
    if (own.size >= limits.LIMIT_TOPICS_PER_SOCKET) {
      report({ type: 'limit', limit: 'LIMIT_TOPICS_PER_SOCKET' })
      return 'topic-refused'
    }
    const topic = topics.get(name)
    if (topic !== undefined && topic.size >= limits.LIMIT_SOCKETS_PER_TOPIC) {
      report({ type: 'limit', limit: 'LIMIT_SOCKETS_PER_TOPIC' })
      return 'topic-full'
    }
    if (topic === undefined && topics.size >= limits.LIMIT_TOPICS) {
      report({ type: 'limit', limit: 'LIMIT_TOPICS' })
      return 'server-full'
    }
    return null
  }

  function leave(connection: TopicConnection, name: string): void {
    const topic = topics.get(name)
    topic?.delete(connection)
    if (topic?.size === 0) topics.delete(name)
  }

  function connect(connection: TopicConnection): TopicClient {
    const own = new Set<string>()
    const meter = createMeter(rate, now())
    let open = true
    connections += 1

    function closed(): void {
      if (!open) return
      open = false
      connections -= 1
      for (const name of own) leave(connection, name)
      own.clear()
    }

    function fail(code: SyncErrorCode): void {
      report({ type: 'refused', reason: `sync-${code}` })
      connection.send(errorFrame(code))
      closed()
      connection.close(closeCodes.policy, code)
    }

    function isWithinRate(): boolean {
      const verdict = meter.take(now())
      if (verdict === 'ok') return true
      report({ type: 'limit', limit: 'LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND' })
      if (verdict === 'fail') fail('rate-limited')
      if (verdict === 'complain') connection.send(errorFrame('rate-limited'))
      return false
    }

    function subscribe(name: string): void {
      if (own.has(name)) return
      const refusal = refusalOf(name, own)
      if (refusal !== null) return connection.send(errorFrame(refusal, name.slice(0, maxTopicLength)))
      const topic = topics.get(name)
      if (topic === undefined) topics.set(name, new Set([connection]))
      else topic.add(connection)
      own.add(name)
    }

    function unsubscribe(name: string): void {
      if (own.delete(name)) leave(connection, name)
    }

    function publish(name: string, message: Publication): void {
      const topic = topics.get(name)
      if (topic === undefined || !topic.has(connection)) {
        return connection.send(errorFrame('not-subscribed', name.slice(0, maxTopicLength)))
      }
      const frame = publicationFrame(message, topic.size)
      for (const subscriber of topic) subscriber.send(frame)
    }

    return {
      receive(payload) {
        if (!open || !isWithinRate()) return
        const said = read(payload)
        switch (said.type) {
          case 'publish':
            return publish(said.topic, said.message)
          case 'subscribe':
            return said.topics.forEach(subscribe)
          case 'unsubscribe':
            return said.topics.forEach(unsubscribe)
          case 'ping':
            return connection.send(pongFrame)
          case 'malformed':
            return fail('malformed')
        }
      },
      refuseBinary: () => {
        if (open) fail('malformed')
      },
      closed,
    }
  }

  return {
    connect,
    counts: () => ({
      connections,
      topics: topics.size,
      subscriptions: [...topics.values()].reduce((total, topic) => total + topic.size, 0),
    }),
  }
}
