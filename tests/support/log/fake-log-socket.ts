import { createFrameAssembler, cutMessage } from '@alcove/shared/protocol/log-frames'
import { type LogClientMessage, type LogServerMessage, maxLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import type { LogSocket } from '../../../pwa/src/adapters/log/log-line.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The server's end of a WebSocket that a test holds in its hands. */
export type FakeLogSocket = LogSocket & {
  /** Whole messages that the page sent. */
  readonly heard: { readonly message: LogClientMessage; readonly body: Bytes }[]
  readonly frames: number[]
  closed: boolean
  /** What the browser holds back; it sends nothing on while this is set. */
  bufferedAmount: number
  /** Counts what is sent instead of passing it on. */
  stuck: boolean
  tell(message: LogServerMessage | object, body?: Bytes): void
  /** Anything at all. */
  throwIn(data: unknown): void
  fall(): void
}

export function createFakeLogSocket(): FakeLogSocket {
  const assembler = createFrameAssembler()
  const made: FakeLogSocket = {
    onmessage: null,
    onclose: null,
    heard: [],
    frames: [],
    closed: false,
    bufferedAmount: 0,
    stuck: false,
    send(frame) {
      made.frames.push(frame.length)
      if (made.stuck) made.bufferedAmount += frame.length
      const taken = assembler.take(frame, maxLogMessageBytes)
      if (taken.kind === 'waiting') return
      if (taken.kind !== 'message') throw new Error(`The page sent what is ${taken.kind}`)
      made.heard.push({ message: JSON.parse(new TextDecoder().decode(taken.message.json)), body: taken.message.body.slice() })
    },
    close() {
      made.closed = true
    },
    tell(message, body = new Uint8Array()) {
      for (const frame of framesOf(message, body)) made.throwIn(frame.buffer)
    },
    throwIn(data) {
      made.onmessage?.({ data } as MessageEvent)
    },
    fall: () => made.onclose?.(),
  }
  return made
}

export function framesOf(message: object, body: Bytes = new Uint8Array()): Bytes[] {
  return cutMessage({ json: new TextEncoder().encode(JSON.stringify(message)), body })
}
