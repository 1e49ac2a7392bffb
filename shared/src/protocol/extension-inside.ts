import { checkLines, findings } from '../domain/device-check.ts'
import type { Result } from '../domain/result.ts'
import type { DecodeError } from './decode.ts'
import { decodeMarked, extensionToPage, lineOf, marked, pageToExtension } from './extension-messages.ts'
import { instant, list, text } from './fields.ts'
import * as v from './schema.ts'

/**
 * What the extension's own parts say to each other over `runtime.sendMessage` and `tabs.sendMessage`: content script,
 * screens (popup and options), the offscreen document, and the background in the middle. Whoever receives one checks the
 * sender first (extension/src/background/senders.ts). Text, as `marked` makes it: one mark per receiver, since a message
 * of `runtime.sendMessage` arrives at every part.
 */
export const toBackgroundMark = 'alcove/to-background/1'
export const toContentMark = 'alcove/to-content/1'
export const toScreenMark = 'alcove/to-screen/1'
export const toOffscreenMark = 'alcove/to-offscreen/1'

/** The origin of an Alcove site, as `location.origin` gives it. Plain http only on this computer. */
export const siteOrigin = v.pipe(
  text(300),
  v.regex(/^(?:https:\/\/[a-z0-9.-]+(?::\d{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)$/),
)

// --- content script <-> background -------------------------------------------------------------------------------

export const contentToBackground = v.variant('type', [
  /** Of the site, its own page in the top frame. */
  v.strictObject({ type: v.literal('page'), message: pageToExtension }),
  /** The page goes away (or into the back-forward cache). */
  v.strictObject({ type: v.literal('gone') }),
])
export type ContentToBackground = v.InferOutput<typeof contentToBackground>

export const backgroundToContent = v.variant('type', [
  v.strictObject({ type: v.literal('page'), message: extensionToPage }),
  /** The site was taken off the list: fall silent for good. */
  v.strictObject({ type: v.literal('leave') }),
])
export type BackgroundToContent = v.InferOutput<typeof backgroundToContent>

// --- screens (popup, options) <-> background ---------------------------------------------------------------------

/** What the extension can set for one site in Chromium. */
export const sitePermissions = ['camera', 'microphone', 'notifications'] as const
export type SitePermission = (typeof sitePermissions)[number]

/** `unknown`: this browser does not tell an extension. */
const setting = v.picklist(['allow', 'ask', 'block', 'unknown'])
export type SiteSetting = v.InferOutput<typeof setting>

/** What the quiet check of the early warning may find wrong. */
export const quietProblems = [
  'camera-blocked',
  'microphone-blocked',
  'notifications-blocked',
  /** Fewer cameras or microphones than the last check by the page had seen. */
  'camera-missing',
  'microphone-missing',
  'offline',
  'unreachable',
  /** The extension may no longer look at the site. */
  'no-access',
] as const
export type QuietProblem = (typeof quietProblems)[number]

export const reminderChoices = [5, 10, 15, 30] as const
export const languageChoices = ['browser', 'en', 'es'] as const

export const reminders = v.strictObject({
  isOn: v.boolean(),
  /** Minutes before the start at which the quiet check runs. */
  minutesBefore: list(v.picklist(reminderChoices), reminderChoices.length),
})
export type Reminders = v.InferOutput<typeof reminders>

const deviceLabel = v.nullable(text(120))

/** Everything that popup and options show. */
export const screenState = v.strictObject({
  browser: v.picklist(['chromium', 'firefox', 'safari']),
  version: text(20),
  language: v.picklist(languageChoices),
  sites: list(
    v.strictObject({
      origin: siteOrigin,
      /** Whether the browser (still) lets the extension see it. */
      hasAccess: v.boolean(),
    }),
    20,
  ),
  /** What all below is about; null while there is no site. */
  chosen: v.nullable(siteOrigin),
  /** In the order of `checkLines`: what the page reported last, with what only the extension sees merged into it. */
  lines: list(
    v.variant('line', [
      lineOf('browser'),
      lineOf('camera'),
      lineOf('microphone'),
      lineOf('speaker'),
      lineOf('sound'),
      lineOf('notifications'),
      lineOf('network'),
      lineOf('relay'),
      lineOf('tab'),
    ]),
    checkLines.length,
  ),
  roundTripMs: v.nullable(instant),
  /** When the page looked last; null for never. */
  reportAt: v.nullable(instant),
  /** A page of the site is open, and the check may be running in it. */
  isOpen: v.boolean(),
  extras: v.strictObject({
    tab: v.picklist(findings.tab),
    isMuted: v.boolean(),
    camera: setting,
    microphone: setting,
    notifications: setting,
  }),
  /** `needs-consent`: the browser can, once its own question (`contentSettings`) was answered. */
  canSet: v.picklist(['no', 'needs-consent', 'yes']),
  /** What was set by us for the chosen site and is still so. */
  setByUs: list(v.picklist(sitePermissions), sitePermissions.length),
  waiting: v.strictObject({ people: instant, rings: v.picklist(['nobody', 'page', 'extension']) }),
  ring: v.strictObject({
    how: v.picklist(['offscreen', 'background', 'notification']),
    /** Of the last test: whether the sound was really playing (null: never tried), and what the person said of it. */
    wasPlaying: v.nullable(v.boolean()),
    wasHeard: v.nullable(v.boolean()),
    testedAt: v.nullable(instant),
  }),
  /** May the extension itself show system notifications? */
  notifies: v.picklist(['yes', 'needs-consent', 'no']),
  reminders,
  /** The next start that the site has told, still to come. */
  nextAt: v.nullable(instant),
  /** The last quiet check of the chosen site. */
  quiet: v.nullable(v.strictObject({ at: instant, problems: list(v.picklist(quietProblems), quietProblems.length) })),
  devices: v.nullable(v.strictObject({ camera: deviceLabel, microphone: deviceLabel, speaker: deviceLabel })),
})
export type ScreenState = v.InferOutput<typeof screenState>

/** Each is answered with a `ScreenAnswer`. What needs a click's permission (`ask-for.ts`) is asked by the screen itself, first. */
export const screenToBackground = v.variant('type', [
  v.strictObject({ type: v.literal('get-state') }),
  /** Look at everything anew, in the site's own `/check` (opened, or brought to the front). */
  v.strictObject({ type: v.literal('check') }),
  /** One click against what is wrong with this line: unmute, bring to the front, or open `/check` at that line. */
  v.strictObject({ type: v.literal('fix'), line: v.picklist(checkLines) }),
  /** Bring a page of the chosen site to the front, or open it. */
  v.strictObject({ type: v.literal('open-site') }),
  v.strictObject({ type: v.literal('add-site'), origin: siteOrigin }),
  v.strictObject({ type: v.literal('remove-site'), origin: siteOrigin }),
  v.strictObject({ type: v.literal('choose-site'), origin: siteOrigin }),
  /** With the person's consent, for the chosen site alone. */
  v.strictObject({
    type: v.literal('set-permissions'),
    origin: siteOrigin,
    permissions: list(v.picklist(sitePermissions), sitePermissions.length),
  }),
  v.strictObject({ type: v.literal('undo-permissions'), origin: siteOrigin }),
  v.strictObject({ type: v.literal('set-reminders'), reminders }),
  v.strictObject({ type: v.literal('set-language'), language: v.picklist(languageChoices) }),
  /** Answered with the state once the chime has been played or has failed. */
  v.strictObject({ type: v.literal('test-ring') }),
  v.strictObject({ type: v.literal('heard'), wasHeard: v.boolean() }),
  /** Answered with `support-report`. */
  v.strictObject({ type: v.literal('copy-report') }),
])
export type ScreenToBackground = v.InferOutput<typeof screenToBackground>

export const screenAnswer = v.variant('type', [
  v.strictObject({ type: v.literal('state'), state: screenState }),
  v.strictObject({ type: v.literal('failed'), reason: v.picklist(['no-site', 'no-access', 'too-many', 'not-possible', 'failed']) }),
  /** Plain text without personal data: no names, no addresses, no device's name. */
  v.strictObject({ type: v.literal('support-report'), text: text(8000) }),
])
export type ScreenAnswer = v.InferOutput<typeof screenAnswer>

/** Unasked, whenever something changed while a screen may be open. */
export const backgroundToScreen = v.variant('type', [v.strictObject({ type: v.literal('state'), state: screenState })])
export type BackgroundToScreen = v.InferOutput<typeof backgroundToScreen>

// --- offscreen document <-> background ---------------------------------------------------------------------------

/** `ring`: until `stop`. `test`: once. `count`: how many devices there are, with none of them opened. */
export const backgroundToOffscreen = v.variant('type', [
  v.strictObject({ type: v.literal('ring') }),
  v.strictObject({ type: v.literal('test') }),
  v.strictObject({ type: v.literal('stop') }),
  v.strictObject({ type: v.literal('count') }),
])
export type BackgroundToOffscreen = v.InferOutput<typeof backgroundToOffscreen>

export const offscreenAnswer = v.variant('type', [
  /** Whether sound is really being made: the audio clock moves, and what leaves is not silence. */
  v.strictObject({ type: v.literal('playing'), isPlaying: v.boolean() }),
  v.strictObject({ type: v.literal('devices'), cameras: instant, microphones: instant }),
])
export type OffscreenAnswer = v.InferOutput<typeof offscreenAnswer>

// --- one pair per direction --------------------------------------------------------------------------------------

type Decoded<T> = Result<T, DecodeError>

export const contentSays = (message: ContentToBackground): string => marked(toBackgroundMark, message)
export const decodeFromContent = (data: unknown): Decoded<ContentToBackground> => decodeMarked(contentToBackground, toBackgroundMark, data)

export const sayToContent = (message: BackgroundToContent): string => marked(toContentMark, message)
export const decodeToContent = (data: unknown): Decoded<BackgroundToContent> => decodeMarked(backgroundToContent, toContentMark, data)

export const screenSays = (message: ScreenToBackground): string => marked(toBackgroundMark, message)
export const decodeFromScreen = (data: unknown): Decoded<ScreenToBackground> => decodeMarked(screenToBackground, toBackgroundMark, data)

export const answerScreen = (answer: ScreenAnswer): string => marked(toScreenMark, answer)
export const decodeScreenAnswer = (data: unknown): Decoded<ScreenAnswer> => decodeMarked(screenAnswer, toScreenMark, data)
export const sayToScreen = (message: BackgroundToScreen): string => marked(toScreenMark, message)
export const decodeToScreen = (data: unknown): Decoded<BackgroundToScreen> => decodeMarked(backgroundToScreen, toScreenMark, data)

export const sayToOffscreen = (message: BackgroundToOffscreen): string => marked(toOffscreenMark, message)
export const decodeToOffscreen = (data: unknown): Decoded<BackgroundToOffscreen> =>
  decodeMarked(backgroundToOffscreen, toOffscreenMark, data)
export const offscreenSays = (answer: OffscreenAnswer): string => marked(toBackgroundMark, answer)
export const decodeOffscreenAnswer = (data: unknown): Decoded<OffscreenAnswer> => decodeMarked(offscreenAnswer, toBackgroundMark, data)
