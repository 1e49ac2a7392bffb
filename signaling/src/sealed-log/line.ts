import { fromUtf8 } from '@alcove/shared/crypto/bytes'
import { decode } from '@alcove/shared/protocol/decode'
import { createFrameAssembler, cutMessage } from '@alcove/shared/protocol/log-frames'
import {
  type LogClientMessage,
  type LogErrorCode,
  type LogServerMessage,
  logClientMessage,
  maxLogJsonBytes,
} from '@alcove/shared/protocol/log-messages'
import { closeCodes } from '../session-hub/link.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** What the hub needs of a socket. `close` may be called more than once. */
export type LogConnection = {
  /** The bucket that limits count by, not necessarily an address (client-address.ts). */
  readonly address: string
  /** The verified Origin header: signatures are bound to it. */
  readonly origin: string
  /** One binary frame. */
  send(frame: Bytes): void
  close(code: number, reason: string): void
  /** Resolves when little of what was sent is still waiting. */
  drained?(): Promise<void>
}

/** One connection, seen from inside the hub. Sending after the end does nothing. */
export type Line = {
  readonly id: string
  readonly nonce: string
  readonly address: string
  readonly origin: string
  isOpen(): boolean
  send(message: LogServerMessage, body?: Bytes): void
  /** Says what was wrong; the connection goes on. */
  refuse(id: number | null, code: LogErrorCode, expected?: number): void
  /** Says what was wrong, then closes. */
  fail(id: number | null, code: LogErrorCode): void
  close(code: number, reason: string): void
  closed(): void
  drained(): Promise<void>
}

const noBytes: Bytes = new Uint8Array(0)

export function createLine(id: string, nonce: string, connection: LogConnection, report: (code: LogErrorCode) => void): Line {
  let open = true
  const line: Line = {
    id,
    nonce,
    address: connection.address,
    origin: connection.origin,
    isOpen: () => open,
    send(message, body = noBytes) {
      if (!open) return
      for (const frame of cutMessage({ json: new TextEncoder().encode(JSON.stringify(message)), body })) connection.send(frame)
    },
    refuse(id, code, expected) {
      report(code)
      line.send({ type: 'refused', id, code, ...(expected !== undefined && { expected }) })
    },
    fail(id, code) {
      line.refuse(id, code)
      line.close(closeCodes.policy, code)
    },
    close(code, reason) {
      if (!open) return
      open = false
      connection.close(code, reason)
    },
    closed() {
      open = false
    },
    drained: async () => connection.drained?.(),
  }
  return line
}

export type Said =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'message'; readonly message: LogClientMessage; readonly body: Bytes }
  | { readonly kind: 'malformed' | 'too-large' }

/** Frames in, messages out. Never throws. */
export type Reader = {
  read(frame: Bytes, maxBytes: number): Said
  /** Bytes that wait for the rest of their message. */
  held(): number
}

const withBody: ReadonlySet<LogClientMessage['type']> = new Set(['append', 'put-kit'])

export function createReader(): Reader {
  const assembler = createFrameAssembler()
  return {
    held: assembler.held,
    read(frame, maxBytes) {
      const assembled = assembler.take(frame, maxBytes)
      if (assembled.kind !== 'message') return assembled
      const { json, body } = assembled.message
      const message = decode(logClientMessage, fromUtf8(json) ?? '', maxLogJsonBytes)
      if (!message.ok) return { kind: message.error }
      if (body.length > 0 && !withBody.has(message.value.type)) return { kind: 'malformed' }
      return { kind: 'message', message: message.value, body }
    },
  }
}
