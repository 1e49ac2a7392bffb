/**
 * What backgrounds consist of, besides code: made or copied by the build (scripts/backgrounds-plugin.mjs), served by us under a
 * folder with their hash in its name, and fetched only once somebody chooses a background.
 */
export type AssetName =
  | 'compositor.wasm'
  | 'selfie-landscape.tflite'
  | 'selfie-square.tflite'
  | 'vision_wasm_module_internal.js'
  | 'vision_wasm_module_internal.wasm'

export type AssetFiles = { readonly folder: string; readonly files: readonly { readonly name: string; readonly bytes: number }[] }

/** Needed for every picture; the square model only for upright ones. */
export const alwaysNeeded: readonly AssetName[] = [
  'compositor.wasm',
  'selfie-landscape.tflite',
  'vision_wasm_module_internal.js',
  'vision_wasm_module_internal.wasm',
]

export const assetUrl = (files: AssetFiles, name: AssetName) => `${files.folder}/${name}`
