import { maxFrameBytes, sessionProtocol } from '@alcove/shared/protocol/session-messages'
import type { Endpoint } from './endpoint.ts'
import type { Limits } from './limits.ts'
import type { SessionHub } from './session-hub.ts'
import type { Tally } from './tally.ts'
import { createWsEndpoint } from './ws-endpoint.ts'

/** Frames of one socket that may wait for a signature to be checked. */
const maxPending = 16

/** `/session`: waiting rooms, admission and relay. */
export function createSessionEndpoint(hub: SessionHub, limits: Limits, tally: Tally): Endpoint {
  return createWsEndpoint<string>({
    path: '/session',
    protocol: sessionProtocol,
    maxFrameBytes,
    limits,
    bufferLimit: 'LIMIT_BUFFERED_BYTES_PER_SOCKET',
    tally,
    longAnswers: false,
    connect(connection) {
      const client = hub.connect(connection)
      return {
        message(data, isBinary) {
          if (!isBinary) return client.receive(data.toString())
          client.refuseBinary()
          return null
        },
        isBusy: (pending) => pending >= maxPending,
        control: client.control,
        closed: client.closed,
      }
    },
    goaway: hub.goaway,
    close: hub.close,
  })
}
