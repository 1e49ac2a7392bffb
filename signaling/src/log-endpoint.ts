import { maxLogFrameBytes } from '@alcove/shared/protocol/log-frames'
import { logProtocol } from '@alcove/shared/protocol/log-messages'
import type { Endpoint } from './endpoint.ts'
import type { Limits } from './limits.ts'
import type { LogHub } from './log-hub.ts'
import type { Tally } from './tally.ts'
import { createWsEndpoint } from './ws-endpoint.ts'

/** Messages of one socket, and their bytes, that may wait for the disk. */
const maxPending = 64
const maxPendingBytes = 4 * 1024 * 1024

/** `/log`: the sealed log. */
export function createLogEndpoint(hub: LogHub, limits: Limits, tally: Tally): Endpoint {
  return createWsEndpoint<Uint8Array>({
    path: '/log',
    protocol: logProtocol,
    maxFrameBytes: maxLogFrameBytes,
    limits,
    bufferLimit: 'LIMIT_LOG_BUFFERED_BYTES_PER_SOCKET',
    tally,
    longAnswers: true,
    connect(connection) {
      const client = hub.connect(connection)
      return {
        message(data, isBinary) {
          if (isBinary) return client.receive(bytesOf(data))
          client.refuseText()
          return null
        },
        isBusy: (pending) => pending >= maxPending || client.unansweredBytes() > maxPendingBytes,
        control: client.control,
        closed: client.closed,
      }
    },
    close: hub.close,
  })
}

/** What ws gives with its usual `binaryType`; the hub keeps no view of it. */
function bytesOf(data: unknown): Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array ? new Uint8Array(data) : new Uint8Array(0)
}
