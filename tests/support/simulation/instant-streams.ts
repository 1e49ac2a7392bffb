import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * The browser's compression, done at once and not on another thread: time that is simulated stands still meanwhile. Gives
 * what puts the real one back.
 */
export function installInstantStreams(): () => void {
  const undo = [
    replace('CompressionStream', (bytes) => deflateRawSync(bytes)),
    replace('DecompressionStream', (bytes) => inflateRawSync(bytes)),
  ]
  return () => {
    for (const one of undo) one()
  }
}

function replace(name: 'CompressionStream' | 'DecompressionStream', run: (bytes: Buffer) => Buffer): () => void {
  const original = Object.getOwnPropertyDescriptor(globalThis, name)
  class Instant {
    readonly readable: ReadableStream<Uint8Array>
    readonly writable: WritableStream<Uint8Array>
    constructor() {
      const parts: Uint8Array[] = []
      const stream = new TransformStream<Uint8Array, Uint8Array>({
        transform: (part) => void parts.push(part),
        flush: (controller) => controller.enqueue(Uint8Array.from(run(Buffer.concat(parts)))),
      })
      this.readable = stream.readable
      this.writable = stream.writable
    }
  }
  Object.defineProperty(globalThis, name, { value: Instant, configurable: true, writable: true })
  return () => {
    if (original) Object.defineProperty(globalThis, name, original)
  }
}
