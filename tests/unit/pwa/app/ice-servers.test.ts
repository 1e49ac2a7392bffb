import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { describe, expect, it } from 'vitest'
import { createKnownIceServers, type TabMessage } from '../../../../pwa/src/app/services/ice-servers.ts'
import type { HostIdentity, Signaling, SocketEvent } from '../../../../pwa/src/ports.ts'
import type { ServerToHostMessage } from '@alcove/shared/protocol/session-messages'

const identity = {} as HostIdentity

function build() {
  const posted: TabMessage[] = []
  let hear: (message: unknown) => void = () => undefined
  let tell: (event: SocketEvent<ServerToHostMessage>) => void = () => undefined
  const known = createKnownIceServers({
    post: (message) => void posted.push(message as TabMessage),
    listen(listener) {
      hear = listener
      return () => undefined
    },
  })
  const signaling: Pick<Signaling, 'host'> = {
    host(_identity, _enrolment, listen) {
      tell = listen
      return { send: () => true, reconnectNow: () => undefined, close: () => undefined }
    },
  }
  known.overhear(signaling as Signaling).host(identity, null, () => undefined)
  const told = (iceServers: readonly IceServer[]) =>
    tell({ type: 'message', message: { type: 'ice-servers', iceServers: [...iceServers] } as ServerToHostMessage })
  return { known, posted, told, asked: () => hear({ type: 'ask' }) }
}

const relay: IceServer = { urls: ['turn:turn.example'], username: 'u', credential: 'c' }

describe('the servers that a room was lent', () => {
  it('are unknown until a room was told, and another tab that asks is told nothing', () => {
    const { known, posted, asked } = build()
    asked()
    expect(known.areKnown()).toBe(false)
    expect(known.current()).toEqual([])
    expect(posted).toEqual([{ type: 'ask' }])
  })

  it('are told to the other tabs, at once and whenever one asks', () => {
    const { known, posted, told, asked } = build()
    told([relay])
    asked()
    expect(known.current()).toEqual([relay])
    expect(posted.filter(({ type }) => type === 'servers')).toHaveLength(2)
  })

  it('are told also when there are none: then nobody needs to ask the server', () => {
    const { known, posted, told, asked } = build()
    told([])
    asked()
    expect(known.areKnown()).toBe(true)
    expect(posted.at(-1)).toEqual({ type: 'servers', servers: [] })
  })
})
