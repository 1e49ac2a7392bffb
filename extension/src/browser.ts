import browser from 'webextension-polyfill'

/** The one door to the browser's extension interfaces. */
export { browser }
export type { Alarms, Runtime, Tabs } from 'webextension-polyfill'
