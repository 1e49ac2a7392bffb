import { type InvitationKeys, openPairing, sealPairing } from '@alcove/shared/crypto/invitation'
import type { PairingMessage } from '@alcove/shared/protocol/sync-messages'
import type { Relay } from '../../sync-ports.ts'

/** Both devices say again what is unanswered: the server forgets whatever finds nobody. */
export const repeatMs = 3000
/** So long may a connection to the server be away before it is called lost. */
export const serverPatienceMs = 15_000

export type PairingLine = {
  /** False when it could not be sent now. */
  say(message: PairingMessage): Promise<boolean>
  isConnected(): boolean
  leave(): void
}

export type PairingLineDeps = {
  readonly relay: Relay
  readonly keys: InvitationKeys
  /** One after the other, in the order in which they came; what the link's holder did not seal is left out. */
  readonly onMessage: (message: PairingMessage) => Promise<void>
  readonly onConnection: (connected: boolean) => void
}

/** Sealed messages over the topic of an invitation. */
export function createPairingLine({ relay, keys, onMessage, onConnection }: PairingLineDeps): PairingLine {
  let connected = false
  let left = false
  let turn: Promise<void> = Promise.resolve()

  async function receive(sealed: string): Promise<void> {
    const message = await openPairing(keys, sealed)
    if (message && !left) await onMessage(message)
  }

  const topic = relay.join(keys.topic, (event) => {
    if (left) return
    if (event.type === 'message') {
      const { data } = event
      turn = turn.then(() => receive(data)).catch((fault) => void Promise.reject(fault))
      return
    }
    connected = event.type === 'open'
    onConnection(connected)
  })

  return {
    async say(message) {
      const sealed = await sealPairing(keys, message)
      return !left && topic.publish(sealed)
    },
    isConnected: () => connected,
    leave() {
      if (left) return
      left = true
      topic.leave()
    },
  }
}
