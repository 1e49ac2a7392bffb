export type Size = { readonly width: number; readonly height: number }
/** The part of an image that is taken, and how large that becomes. */
export type Frame = { readonly source: Size & { readonly x: number; readonly y: number }; readonly size: Size }

/**
 * As small as it may be and still cover the wanted size, upright or across, never larger than it is. Of a very long one the middle is taken:
 * no side becomes longer than the wanted one's longer side.
 */
export function shrunkTo(image: Size, wanted: Size): Frame {
  const scale = Math.min(1, Math.max(wanted.width / image.width, wanted.height / image.height))
  const longest = Math.max(wanted.width, wanted.height)
  const size = { width: within(image.width * scale, longest), height: within(image.height * scale, longest) }
  const source = { width: Math.min(image.width, size.width / scale), height: Math.min(image.height, size.height / scale) }
  return { source: { x: (image.width - source.width) / 2, y: (image.height - source.height) / 2, ...source }, size }
}

const within = (length: number, longest: number) => Math.max(1, Math.min(longest, Math.round(length)))
