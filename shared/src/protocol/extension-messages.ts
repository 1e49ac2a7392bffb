import { type CheckLine, checkLines, type Finding, findings } from '../domain/device-check.ts'
import { err, type Result } from '../domain/result.ts'
import { decode, type DecodeError } from './decode.ts'
import { instant, list, text } from './fields.ts'
import * as v from './schema.ts'

/**
 * What a page of Alcove and the companion extension say to each other, through the extension's content script
 * (`window.postMessage`, same window, same origin; docs/PROTOCOL.md, "The extension"). There is no name, no key, no link
 * and no note in any of it: times, counts and findings only. One schema per direction; each is JSON in a string, behind
 * the mark of its direction and a space (`marked`).
 */

/** Longer than any message. */
export const maxExtensionMessage = 16 * 1024

/** The marks of the two directions, so that neither hears itself. */
export const fromPageMark = 'alcove/page/1'
export const fromExtensionMark = 'alcove/extension/1'

/** One line of a check and what was found of it. */
/* @__NO_SIDE_EFFECTS__ */
export function lineOf<Line extends CheckLine>(line: Line) {
  return v.strictObject({
    line: v.literal(line),
    finding: v.picklist(findings[line] as readonly Finding<Line>[]),
    foundAt: v.nullable(instant),
  })
}

/** What a page found: of each line once at most; lines that only the extension can see are not in it. */
export const checkReport = v.strictObject({
  at: instant,
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
    ]),
    checkLines.length,
  ),
  roundTripMs: v.nullable(instant),
})
export type CheckReport = v.InferOutput<typeof checkReport>

const deviceLabel = v.nullable(text(120))

/** A quarter's telehealth appointments are far fewer. */
export const maxToldAppointments = 64

export const pageToExtension = v.variant('type', [
  /** Is there an extension? Answered with `welcome`. */
  v.strictObject({ type: v.literal('hello') }),
  v.strictObject({ type: v.literal('check'), report: checkReport }),
  /**
   * People who wait now, for the badge and the notification, and whether somebody is to be called by sound. `none`: nobody
   * (answered, dismissed, or only for later). `here`: this page could be heard; it rings unless it is told to be quiet.
   * `needed`: a ring is due and this page cannot be heard. Sent at every change, and again about every 20 s while people wait.
   */
  v.strictObject({ type: v.literal('waiting'), people: v.pipe(instant, v.maxValue(99)), ring: v.picklist(['none', 'here', 'needed']) }),
  v.strictObject({ type: v.literal('session'), isRunning: v.boolean() }),
  /** Start times of the next saved telehealth appointments of whoever uses this device. Epoch ms, ascending. */
  v.strictObject({ type: v.literal('appointments'), startsAt: list(instant, maxToldAppointments) }),
  /** The devices chosen there, by the names that the browser gives them; null for the system's own choice. For the options page. */
  v.strictObject({ type: v.literal('devices'), camera: deviceLabel, microphone: deviceLabel, speaker: deviceLabel }),
])
export type PageToExtension = v.InferOutput<typeof pageToExtension>

export const extensionToPage = v.variant('type', [
  /**
   * The answer to `hello` and to every `waiting` (so that a page notices when the extension is gone), and said unasked to
   * a page that was open before. `canRing`: it makes the ring when the page cannot. `notifies`: it shows system
   * notifications, so the page need not.
   */
  v.strictObject({ type: v.literal('welcome'), canRing: v.boolean(), notifies: v.boolean() }),
  /** Look at everything anew, now. */
  v.strictObject({ type: v.literal('check-again') }),
  /** *Give me a moment* in the notification: the page tells those who wait. */
  v.strictObject({ type: v.literal('moment') }),
  /**
   * Another tab, or the extension itself, rings: the page stays silent; or may ring again. It counts as false until it is
   * said, and again when the extension does not answer for ten seconds.
   */
  v.strictObject({ type: v.literal('quiet'), isQuiet: v.boolean() }),
])
export type ExtensionToPage = v.InferOutput<typeof extensionToPage>

/** What `postMessage` or `sendMessage` carries: the mark of the direction, a space, JSON. */
export const marked = (mark: string, message: unknown): string => `${mark} ${JSON.stringify(message)}`

/** What was said under the mark; `malformed` for anything else, whatever its type. */
export function decodeMarked<T>(schema: v.GenericSchema<unknown, T>, mark: string, data: unknown): Result<T, DecodeError> {
  if (typeof data !== 'string' || !data.startsWith(`${mark} `)) return err('malformed')
  return decode(schema, data.slice(mark.length + 1), maxExtensionMessage)
}

/** The page's half: `window.postMessage(pageSays(message), location.origin)`. */
export const pageSays = (message: PageToExtension): string => marked(fromPageMark, message)
export const extensionSays = (message: ExtensionToPage): string => marked(fromExtensionMark, message)

/** Of `event.data`, once source and origin of the event have been checked. */
export const decodeFromPage = (data: unknown): Result<PageToExtension, DecodeError> => decodeMarked(pageToExtension, fromPageMark, data)
export const decodeFromExtension = (data: unknown): Result<ExtensionToPage, DecodeError> =>
  decodeMarked(extensionToPage, fromExtensionMark, data)
