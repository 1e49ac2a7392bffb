import type { Plugin, UserConfig } from 'vite'

export const backgroundsFolder: string
export function backgroundFiles(): Promise<ReadonlyMap<string, Uint8Array>>
export function backgrounds(): Plugin
export const backgroundsWorker: NonNullable<UserConfig['worker']>
export const backgroundAssets: { readonly assetFileNames: (asset: { readonly originalFileNames: readonly string[] }) => string }
