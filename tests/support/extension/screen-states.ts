import { type CheckLine, checkLines, type Finding } from '@alcove/shared/domain/device-check'
import type { ScreenState } from '@alcove/shared/protocol/extension-inside'

/** Epoch ms; the pages' clock stands at `nowAt`. */
export const nowAt = Date.parse('2026-11-24T15:50:00Z')
const minuteMs = 60_000
export const site = 'https://clinic.example'

type Found = Partial<{ readonly [Line in CheckLine]: Finding<Line> }>

const good: Found = {
  browser: 'ready',
  camera: 'ready',
  microphone: 'heard',
  speaker: 'heard',
  sound: 'ready',
  notifications: 'ready',
  network: 'ready',
  relay: 'ready',
  tab: 'ready',
}

function linesOf(found: Found, foundAt: number | null): ScreenState['lines'] {
  return checkLines.flatMap((line) => {
    const finding = found[line]
    return finding === undefined ? [] : [{ line, finding, foundAt } as ScreenState['lines'][number]]
  })
}

export const ready: ScreenState = {
  browser: 'chromium',
  version: '0.1.0',
  language: 'browser',
  sites: [{ origin: site, hasAccess: true }],
  chosen: site,
  lines: linesOf(good, nowAt - 3 * minuteMs),
  roundTripMs: 38,
  reportAt: nowAt - 3 * minuteMs,
  isOpen: true,
  extras: { tab: 'ready', isMuted: false, camera: 'allow', microphone: 'allow', notifications: 'allow' },
  canSet: 'yes',
  setByUs: [],
  waiting: { people: 0, rings: 'nobody' },
  ring: { how: 'offscreen', wasPlaying: true, wasHeard: true, testedAt: nowAt - 9 * minuteMs },
  notifies: 'yes',
  reminders: { isOn: true, minutesBefore: [15] },
  nextAt: nowAt + 10 * minuteMs,
  quiet: null,
  devices: { camera: 'Desk camera', microphone: null, speaker: null },
}

function but(change: Partial<ScreenState>, found: Found = {}, foundAt = ready.reportAt): ScreenState {
  return { ...ready, lines: linesOf({ ...good, ...found }, foundAt), ...change }
}

const never: ScreenState = {
  ...ready,
  lines: linesOf({ notifications: 'not-asked', tab: 'none' }, nowAt),
  roundTripMs: null,
  reportAt: null,
  isOpen: false,
  extras: { tab: 'none', isMuted: false, camera: 'ask', microphone: 'ask', notifications: 'ask' },
  canSet: 'needs-consent',
  ring: { how: 'offscreen', wasPlaying: null, wasHeard: null, testedAt: null },
  notifies: 'needs-consent',
  nextAt: null,
  devices: null,
}

/** One of each thing that the popup can look like. */
export const popupStates = {
  ready,
  never,
  checking: but({
    reportAt: nowAt,
    lines: linesOf({ ...good, camera: 'looking', microphone: 'looking', speaker: 'untested', relay: 'looking' }, nowAt),
  }),
  warnings: but({}, { microphone: 'silent', speaker: 'untested', network: 'slow', tab: 'background' }),
  problems: but(
    { extras: { ...ready.extras, camera: 'block', microphone: 'block', notifications: 'block' }, canSet: 'needs-consent' },
    { camera: 'denied', microphone: 'denied', notifications: 'blocked', sound: 'blocked', relay: 'none' },
  ),
  'other troubles': but(
    { roundTripMs: null },
    { camera: 'in-use', microphone: 'not-found', sound: 'tab-muted', network: 'unreachable', relay: 'unreachable', tab: 'other-session' },
  ),
  waiting: but({ waiting: { people: 2, rings: 'extension' } }, { tab: 'background' }),
  'set by us': but({ setByUs: ['camera', 'microphone', 'notifications'] }),
  'quiet warning': but(
    { quiet: { at: nowAt - minuteMs, problems: ['microphone-missing', 'unreachable'] }, isOpen: false },
    { tab: 'none' },
  ),
  old: but({ reportAt: nowAt - 26 * 60 * minuteMs, nextAt: nowAt + 3 * 24 * 60 * minuteMs }, { tab: 'none' }, nowAt - 26 * 60 * minuteMs),
  'not heard': but({ ring: { how: 'offscreen', wasPlaying: true, wasHeard: false, testedAt: nowAt } }, { speaker: 'not-heard' }),
  firefox: but(
    { browser: 'firefox', canSet: 'no', ring: { how: 'background', wasPlaying: null, wasHeard: null, testedAt: null } },
    { camera: 'dismissed', microphone: 'not-asked', sound: 'blocked' },
  ),
  safari: but(
    { browser: 'safari', canSet: 'no', notifies: 'no', ring: { how: 'notification', wasPlaying: null, wasHeard: null, testedAt: null } },
    { camera: 'not-asked', microphone: 'not-asked', sound: 'blocked', notifications: 'unsupported' },
  ),
  'two sites': but({
    sites: [
      { origin: site, hasAccess: true },
      { origin: 'http://localhost:8443', hasAccess: true },
    ],
  }),
  'no site': { ...never, sites: [], chosen: null, lines: [] },
  'no access': but({ sites: [{ origin: site, hasAccess: false }] }),
} as const satisfies Readonly<Record<string, ScreenState>>

export const optionsStates = {
  ready: but({
    sites: [
      { origin: site, hasAccess: true },
      { origin: 'http://localhost:8443', hasAccess: true },
      { origin: 'https://a-very-long-name-of-a-practice.telehealth.example:8443', hasAccess: false },
    ],
  }),
  empty: { ...popupStates['no site'], reminders: { isOn: false, minutesBefore: [] } },
  'reminders without notifications': but({
    notifies: 'needs-consent',
    nextAt: null,
    devices: null,
    reminders: { isOn: true, minutesBefore: [5, 30] },
  }),
} as const satisfies Readonly<Record<string, ScreenState>>
