export type ModelParts = {
  readonly version: number
  /** Place of each part, by the number of its field in the schema. */
  readonly parts: Readonly<Record<number, number>>
  /** Place of each buffer table. */
  readonly buffers: readonly number[]
}

export function modelMetadata(options: { readonly mean: readonly number[]; readonly std: readonly number[] }): Uint8Array
export function attachMetadata(model: Uint8Array, metadata: Uint8Array): Uint8Array
export function readModel(model: Uint8Array): ModelParts
export function prepareModel(model: Uint8Array): Uint8Array
