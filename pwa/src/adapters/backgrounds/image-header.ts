/**
 * What an image file says of itself in its first bytes, read before anything is decoded: by its content, whatever it is called.
 * Only JPEG (ITU-T T.81, B.1.1), PNG (11.2.2) and WebP (RFC 9649): a picture that holds script or moves is none of them.
 */
export type ImageHeader = { readonly type: 'jpeg' | 'png' | 'webp'; readonly width: number; readonly height: number }

/** Null when it is something else, or ends before its dimensions. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const header = readPng(view) ?? readWebp(view) ?? readJpeg(view)
    return header && header.width > 0 && header.height > 0 ? header : null
  } catch {
    // RangeError: it was cut off.
    return null
  }
}

const text = (view: DataView, at: number, length: number) =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, Math.min(length, Math.max(0, view.byteLength - at))))

function readPng(view: DataView): ImageHeader | null {
  if (text(view, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(view, 12, 4) !== 'IHDR') return null
  return { type: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

function readWebp(view: DataView): ImageHeader | null {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP') return null
  const chunk = text(view, 12, 4)
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  if (chunk === 'VP8X') {
    const animation = 2
    return view.getUint8(20) & animation ? null : { type: 'webp', width: uint24(24) + 1, height: uint24(27) + 1 }
  }
  if (chunk === 'VP8L') {
    const packed = view.getUint32(21, true)
    return view.getUint8(20) === 0x2f ? { type: 'webp', width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 } : null
  }
  if (chunk !== 'VP8 ' || text(view, 23, 3) !== '\x9d\x01\x2a') return null
  return { type: 'webp', width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
}

/** Any SOFn, which are C0 to CF without DHT, JPG and DAC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const startOfScan = 0xda

function readJpeg(view: DataView): ImageHeader | null {
  if (view.getUint16(0) !== 0xffd8) return null
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (isFrame(marker)) return { type: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    if (marker === startOfScan) return null
    at += 2 + view.getUint16(at + 2)
  }
}
