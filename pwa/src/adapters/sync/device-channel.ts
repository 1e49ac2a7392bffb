import type { DeviceChannel } from '../../sync-ports.ts'
import { createAssembler, toChunks } from './chunks.ts'

/** What is used of a browser's data channel. */
export type DataChannelLike = Pick<RTCDataChannel, 'readyState' | 'bufferedAmount' | 'bufferedAmountLowThreshold' | 'close'> & {
  send(chunk: Uint8Array<ArrayBuffer>): void
  onmessage: ((event: MessageEvent) => void) | null
  onclose: (() => void) | null
  onbufferedamountlow: (() => void) | null
}

/** Above the first, sending pauses until it has sunk to the second. Yjs, on its own channel, keeps getting through. */
const pauseAboveBytes = 1024 * 1024
const resumeAtBytes = 256 * 1024
/** Nobody listens yet: this much is kept, in characters. */
const maxWaitingLength = 64 * 1024 * 1024

type Listener = { readonly onMessage: (text: string) => void; readonly onClose: () => void }

/**
 * An open data channel as a line for texts of any allowed length. `onEnd` is called once. `lost` ends it where the
 * browser does not say that it has ended.
 */
export function createDeviceChannel(
  channel: DataChannelLike,
  fingerprints: DeviceChannel['fingerprints'],
  onEnd: (byThisSide: boolean) => void,
  maxWaiting = maxWaitingLength,
): { readonly channel: DeviceChannel; lost(): void } {
  const assembler = createAssembler()
  let waiting: string[] = []
  let waitingLength = 0
  let listener: Listener | null = null
  let ended = false
  let resume = () => {}
  let sending: Promise<boolean> = Promise.resolve(true)

  channel.bufferedAmountLowThreshold = resumeAtBytes
  channel.onbufferedamountlow = () => resume()
  channel.onclose = () => end(false)
  channel.onmessage = (event) => {
    if (ended) return
    const assembly = event.data instanceof ArrayBuffer ? assembler.take(new Uint8Array(event.data)) : ({ kind: 'broken' } as const)
    if (assembly.kind === 'broken') end(true)
    else if (assembly.kind === 'message') deliver(assembly.text)
  }

  function deliver(text: string): void {
    if (listener) return listener.onMessage(text)
    waiting.push(text)
    waitingLength += text.length
    if (waitingLength > maxWaiting) end(true)
  }

  function end(byThisSide: boolean): void {
    if (ended) return
    ended = true
    if (byThisSide) channel.close()
    resume()
    listener?.onClose()
    onEnd(byThisSide)
  }

  async function hasRoom(): Promise<void> {
    if (ended || channel.bufferedAmount <= pauseAboveBytes) return
    await new Promise<void>((resolve) => {
      resume = resolve
    })
  }

  async function transmit(text: string): Promise<boolean> {
    const chunks = toChunks(text)
    if (!chunks) return false
    for (const chunk of chunks) {
      await hasRoom()
      if (ended || channel.readyState !== 'open') return false
      try {
        channel.send(chunk)
      } catch {
        // Half a message is no message: the other side must not take the next one for its end.
        end(true)
        return false
      }
    }
    await hasRoom()
    return !ended
  }

  return {
    channel: {
      fingerprints,
      send(text) {
        sending = sending.then(() => transmit(text))
        return sending
      },
      listen(onMessage, onClose) {
        listener = { onMessage, onClose }
        const before = waiting
        waiting = []
        for (const text of before) onMessage(text)
        if (ended) onClose()
      },
      close: () => end(true),
    },
    lost: () => end(false),
  }
}
