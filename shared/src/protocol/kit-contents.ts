import { base64url, deviceKey, entryHash, instant, list, memberId, text, token } from './fields.ts'
import * as v from './schema.ts'

/** More removals than this leave only snapshots under newer keys. */
export const maxLaterKeys = 128

/** What a recovery kit opens: enough to be one more device of its member, from the practice's log alone. */
export const kitContents = v.strictObject({
  member: memberId,
  /** Of the founding entry: pinned. With the device that signed it, it says which space of the server is meant. */
  root: entryHash,
  foundingDevice: deviceKey,
  /** The founding practice key, 32 bytes. */
  foundingKey: token(43),
  /**
   * The later ones that there were when it was made, the newest first: records under each of them are in the log. Those that
   * came afterwards are sealed to the kit in the chain.
   */
  laterKeys: list(token(43), maxLaterKeys),
  /** PKCS#8 of the key that the chain has as the kit's. */
  device: base64url(200),
  /** For the screen, as they were when it was made. */
  practice: text(80),
  madeAt: instant,
})
export type KitContents = v.InferOutput<typeof kitContents>
