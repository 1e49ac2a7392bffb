import type { SitePermission } from '@alcove/shared/protocol/extension-inside'

/** Interfaces that Chromium alone has, and that the polyfill's types therefore leave out. */

export type ContentSetting = {
  get(details: { readonly primaryUrl: string }): Promise<{ readonly setting: string }>
  /** `primaryPattern`: the requesting page's; camera, microphone and notifications know no secondary one. */
  set(details: { readonly primaryPattern: string; readonly setting: 'allow' | 'ask' | 'block' }): Promise<void>
  /** Takes back every rule of this extension for this kind, for all sites. */
  clear(details: Record<string, never>): Promise<void>
}

export type Offscreen = {
  createDocument(parameters: { readonly url: string; readonly reasons: readonly string[]; readonly justification: string }): Promise<void>
  closeDocument(): Promise<void>
}

export type ChromiumOnly = {
  /** With the optional permission alone. */
  readonly contentSettings?: Readonly<Record<SitePermission, ContentSetting>>
  readonly offscreen?: Offscreen
}
