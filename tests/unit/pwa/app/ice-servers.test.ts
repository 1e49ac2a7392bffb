import type { IceServer } from '@alcove/shared/protocol/session-messages'
import { describe, expect, it } from 'vitest'
import { createKnownIceServers } from '../../../../pwa/src/app/services/ice-servers.ts'
import type { Signaling } from '../../../../pwa/src/ports.ts'
import type { TabChannel } from '../../../../pwa/src/sync-ports.ts'

/** Tabs of one browser: what one posts, all others hear. */
function createBrowser(): () => TabChannel {
  const tabs = new Map<TabChannel, (message: unknown) => void>()
  return () => {
    const tab: TabChannel = {
      post(message) {
        for (const [other, hear] of [...tabs]) if (other !== tab) hear(structuredClone(message))
      },
      listen(listener) {
        tabs.set(tab, listener)
        return () => void tabs.delete(tab)
      },
    }
    return tab
  }
}

type HostListener = Parameters<Signaling['host']>[2]
const turn: readonly IceServer[] = [{ urls: ['turn:turn.clinic.example'], username: 'u', credential: 'c' }]

function fakeSignaling() {
  const listeners: HostListener[] = []
  const socket = { send: () => true, reconnectNow: () => undefined, close: () => undefined }
  const signaling: Signaling = {
    host(_identity, _enrolment, listen) {
      listeners.push(listen)
      return socket
    },
    guest: () => socket,
  }
  return { signaling, say: (event: Parameters<HostListener>[0]) => listeners[0]?.(event) }
}

describe('the ICE servers that this browser knows', () => {
  it('are those that the room was given last, in every tab, also one that opens later', () => {
    const openTab = createBrowser()
    const [first, second] = [createKnownIceServers(openTab()), createKnownIceServers(openTab())]
    const { signaling, say } = fakeSignaling()
    const heard: string[] = []
    const identity = {} as Parameters<Signaling['host']>[0]
    first.overhear(signaling).host(identity, null, (event) => void heard.push(event.type))
    expect([first.current(), second.current()]).toEqual([[], []])
    say({ type: 'state', state: { kind: 'open' } })
    say({ type: 'message', message: { type: 'ice-servers', iceServers: [...turn] } })
    expect(heard).toEqual(['state', 'message'])
    expect([first.current(), second.current(), createKnownIceServers(openTab()).current()]).toEqual([turn, turn, turn])
    say({ type: 'message', message: { type: 'ice-servers', iceServers: [] } })
    expect([first.current(), second.current()]).toEqual([[], []])
  })
})
