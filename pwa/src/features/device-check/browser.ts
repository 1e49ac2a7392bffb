/** Which steps to show. Told by the user agent: there is nothing else that says where a browser's settings are. */
export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other'
export type SystemName = 'ios' | 'android' | 'mac' | 'windows' | 'linux' | 'other'

export type Browser = {
  readonly name: BrowserName
  readonly system: SystemName
  /** A browser inside another app (mail, chat): often without camera. */
  readonly inApp: boolean
}

/** The keys of every table of steps: on phones the system matters more than the browser. */
export type StepsKey = 'chrome' | 'edge' | 'firefox' | 'safari' | 'ios' | 'android'

export type BrowserSigns = { readonly userAgent: string; readonly maxTouchPoints: number }

export function detectBrowser({ userAgent, maxTouchPoints }: BrowserSigns): Browser {
  return { name: nameOf(userAgent), system: systemOf(userAgent, maxTouchPoints), inApp: isInApp(userAgent) }
}

function nameOf(agent: string): BrowserName {
  if (/Edg(e|A|iOS)?\//.test(agent)) return 'edge'
  if (/Firefox\/|FxiOS\//.test(agent)) return 'firefox'
  if (/Chrome\/|Chromium\/|CriOS\//.test(agent)) return 'chrome'
  return /Safari\//.test(agent) ? 'safari' : 'other'
}

function systemOf(agent: string, maxTouchPoints: number): SystemName {
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios'
  if (/Android/.test(agent)) return 'android'
  // iPads say that they are Macs; Macs have no touch screen.
  if (/Macintosh/.test(agent)) return maxTouchPoints > 1 ? 'ios' : 'mac'
  if (/Windows/.test(agent)) return 'windows'
  return /Linux|CrOS|X11/.test(agent) ? 'linux' : 'other'
}

function isInApp(agent: string): boolean {
  if (/FBAN|FBAV|Instagram|Line\/|MicroMessenger|Snapchat|GSA\/|; wv\)/.test(agent)) return true
  // Apps on iOS leave Safari's own name out.
  return /iPhone|iPad/.test(agent) && /AppleWebKit/.test(agent) && !/Safari\//.test(agent)
}

export function stepsKey({ name, system }: Browser): StepsKey {
  if (system === 'ios' || system === 'android') return system
  return name === 'other' ? 'chrome' : name
}

const browserNames: Readonly<Record<BrowserName, string>> = {
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  safari: 'Safari',
  other: 'Browser',
}
const systemNames: Readonly<Record<SystemName, string>> = {
  ios: 'iPhone or iPad',
  android: 'Android',
  mac: 'Mac',
  windows: 'Windows',
  linux: 'Linux',
  other: 'another system',
}

/** What a device calls itself in the list of a practice's devices: "Firefox on Linux". */
export function deviceLabel({ name, system }: Browser): string {
  return `${browserNames[name]} on ${systemNames[system]}`
}
