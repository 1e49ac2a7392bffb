export type Scene = { readonly exposure: number }
export function createRandom(seed: number): () => number
export function trace(
  scene: Scene,
  options: { readonly width: number; readonly height: number; readonly samples: number; readonly seed: number },
): Float32Array
