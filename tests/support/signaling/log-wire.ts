import { fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import { signLogAuthentication } from '@alcove/shared/crypto/log-access'
import { decode } from '@alcove/shared/protocol/decode'
import { createFrameAssembler, cutMessage } from '@alcove/shared/protocol/log-frames'
import {
  type LogAnswer,
  type LogClientMessage,
  type LogServerMessage,
  logServerMessage,
  maxLogMessageBytes,
} from '@alcove/shared/protocol/log-messages'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import { until } from '../wire-client.ts'
import type { LogDevice } from './log-people.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Frames there and back, over whatever carries them. */
export type FrameWire = {
  send(frame: Bytes): void
  /** Every frame that came, in order. */
  readonly frames: readonly Bytes[]
  isOpen(): boolean
  closeCode(): number | null
  cut(): void
}

export type Ask = LogClientMessage extends infer Message ? (Message extends { id: number } ? Omit<Message, 'id'> : never) : never
export type Refused = Extract<LogServerMessage, { type: 'refused' }>
export type Reply<Type extends LogAnswer['type'] = LogAnswer['type']> = {
  readonly message: Extract<LogAnswer, { type: Type }>
  readonly body: Bytes
}

/** A scripted device of the sealed log. */
export type LogParty = {
  readonly wire: FrameWire
  hello(): Promise<Extract<LogServerMessage, { type: 'hello' }>>
  /** Sends and returns the number of the request. */
  send(request: Ask, body?: Bytes): number
  /** The answer, good or bad. */
  answer(id: number): Promise<{ readonly message: LogAnswer | Refused; readonly body: Bytes }>
  /** Asks and returns the good answer; throws the code of a refusal. */
  ask<Type extends LogAnswer['type']>(type: Type, request: Ask, body?: Bytes): Promise<Reply<Type>>
  /** Asks and returns the code of the refusal, or the type of the good answer. */
  outcome(request: Ask, body?: Bytes): Promise<string>
  authenticate(space: SpaceId, device: LogDevice, origin: string): Promise<Reply<'ready'>>
  all(): readonly LogServerMessage[]
  heads(): readonly Extract<LogServerMessage, { type: 'head' }>[]
}

export function createLogParty(wire: FrameWire): LogParty {
  const assembler = createFrameAssembler()
  const messages: { readonly message: LogServerMessage; readonly body: Bytes }[] = []
  let taken = 0
  let lastId = 0
  const received = () => {
    for (; taken < wire.frames.length; taken++) {
      const assembled = assembler.take(wire.frames[taken] ?? new Uint8Array(0), maxLogMessageBytes)
      if (assembled.kind === 'waiting') continue
      if (assembled.kind !== 'message') throw new Error(`The server broke its own framing: ${assembled.kind}`)
      const { json, body } = assembled.message
      const decoded = decode(logServerMessage, fromUtf8(json) ?? '', maxLogMessageBytes)
      if (!decoded.ok) throw new Error(`The server broke its own protocol: ${fromUtf8(json)?.slice(0, 300)}`)
      messages.push({ message: decoded.value, body })
    }
    return messages
  }
  const party: LogParty = {
    wire,
    async hello() {
      const first = await until(() => received()[0]?.message, 'the hello')
      if (first.type !== 'hello') throw new Error(`First came ${first.type}`)
      return first
    },
    send(request, body = new Uint8Array(0)) {
      lastId += 1
      for (const frame of cutMessage({ json: utf8(JSON.stringify({ ...request, id: lastId })), body })) wire.send(frame)
      return lastId
    },
    async answer(id) {
      const isAnswer = (message: LogServerMessage): message is LogAnswer | Refused =>
        message.type !== 'hello' && message.type !== 'head' && message.id === id
      const find = () => received().find(({ message }) => isAnswer(message))
      const found = await until(() => find() ?? (wire.isOpen() ? null : 'closed'), `the answer to ${id}`)
      if (found === 'closed' || !isAnswer(found.message)) throw new Error('closed')
      return { message: found.message, body: found.body }
    },
    async ask<Type extends LogAnswer['type']>(type: Type, request: Ask, body?: Bytes) {
      const reply = await party.answer(party.send(request, body))
      if (reply.message.type === 'refused') throw new Error(reply.message.code)
      if (reply.message.type !== type) throw new Error(`Answered with ${reply.message.type}`)
      return reply as Reply<Type>
    },
    async outcome(request, body) {
      const { message } = await party.answer(party.send(request, body))
      return message.type === 'refused' ? message.code : message.type
    },
    async authenticate(space, device, origin) {
      const { connection, nonce } = await party.hello()
      const signature = await signLogAuthentication(device.pair, { origin, connection, nonce, space })
      return party.ask('ready', { type: 'authenticate', space, device: device.device, signature })
    },
    all: () => received().map(({ message }) => message),
    heads: () => party.all().filter((message): message is Extract<LogServerMessage, { type: 'head' }> => message.type === 'head'),
  }
  return party
}

/** The records of an answer, one by one. */
export function recordsIn({ message, body }: Reply<'records'>): Bytes[] {
  let at = 0
  return message.lengths.map((length) => {
    at += length
    return body.slice(at - length, at)
  })
}
