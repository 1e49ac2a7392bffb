import { type Bytes, concat } from './bytes.ts'

/** DEFLATE without a wrapper (RFC 1951). */
export function deflate(bytes: Bytes): Promise<Bytes> {
  return through(new CompressionStream('deflate-raw'), bytes, Number.POSITIVE_INFINITY)
}

/** Null for anything else, and for what would be longer than `maxBytes`. Never throws. */
export async function inflate(bytes: Bytes, maxBytes: number): Promise<Bytes | null> {
  try {
    return await through(new DecompressionStream('deflate-raw'), bytes, maxBytes)
  } catch {
    return null
  }
}

async function through(stream: CompressionStream | DecompressionStream, bytes: Bytes, maxBytes: number): Promise<Bytes> {
  const writer = stream.writable.getWriter()
  const reader = stream.readable.getReader()
  // What goes wrong with the bytes is said by the reader too.
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  const parts: Bytes[] = []
  for (let length = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return concat(...parts)
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => {})
      throw new RangeError('Longer than it may be')
    }
    parts.push(value)
  }
}
