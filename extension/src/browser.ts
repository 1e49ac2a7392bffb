import polyfill, { type Browser } from 'webextension-polyfill'
import type { ChromiumOnly } from './chromium-only.ts'

/** The one door to the browser's extension interfaces. What only Chromium has is optional in the type. */
export type ExtensionBrowser = Browser & ChromiumOnly
export const browser: ExtensionBrowser = polyfill
export type { Notifications, Runtime, Tabs } from 'webextension-polyfill'
