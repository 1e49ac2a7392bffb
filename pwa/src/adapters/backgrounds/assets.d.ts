/** Files that the build makes or copies for us; see scripts/backgrounds-plugin.mjs. */
declare module '*?served' {
  /** Absolute paths on our own server; sizes as they are after the transfer. */
  export const assetFiles: {
    /** Holds the runtime's loader and binary under their own names. */
    readonly folder: string
    readonly files: readonly { readonly name: string; readonly bytes: number }[]
  }
}
