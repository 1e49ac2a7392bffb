type Size = { readonly width: number; readonly height: number }

export function softened(picture: Float32Array, size: Size, sigma: number): Float32Array
export function enlarged(picture: Float32Array, from: Size, to: Size): Float32Array
export function developed(
  picture: Float32Array,
  size: Size,
  options: { readonly exposure: number; readonly grain: number },
): Uint8ClampedArray
