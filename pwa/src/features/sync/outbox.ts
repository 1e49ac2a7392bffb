import { type ChannelMessage, maxChannelMessageBytes } from '@alcove/shared/protocol/sync-messages'
import type { DeviceChannel } from '../../sync-ports.ts'

/** Sends one message after the other, as fast as the channel takes them. */
export type Outbox = {
  /** Resolves when the channel takes more; false when it is closed or the message is too long for any channel. */
  send(message: ChannelMessage): Promise<boolean>
  /** Messages that the channel has not taken yet. */
  waiting(): number
}

export function createOutbox(channel: DeviceChannel, onClosed: () => void): Outbox {
  let tail: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    async send(message) {
      const text = JSON.stringify(message)
      if (text.length > maxChannelMessageBytes) return false
      waiting++
      const sent = tail.then(() => channel.send(text))
      tail = sent.catch(() => undefined)
      try {
        const taken = await sent
        if (!taken) onClosed()
        return taken
      } catch {
        onClosed()
        return false
      } finally {
        waiting--
      }
    },
    waiting: () => waiting,
  }
}
