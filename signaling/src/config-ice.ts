import { err, ok, type Result } from '@alcove/shared/domain/result'
import * as v from '@alcove/shared/protocol/schema'
import type { IceServer } from '@alcove/shared/protocol/session-messages'

/** RFC 7064 and RFC 7065 URIs, as browsers take them. */
const iceUrl = /^(?:stuns?|turns?):(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i
const turnUrl = /^turns?:/i

const urls = v.array(v.pipe(v.string(), v.regex(iceUrl), v.maxLength(512)))
const servers = v.array(
  v.strictObject({
    urls: v.union([
      urls,
      v.pipe(
        v.string(),
        v.regex(iceUrl),
        v.transform((url) => [url]),
      ),
    ]),
    username: v.exactOptional(v.string()),
    credential: v.exactOptional(v.string()),
  }),
)

/** `ICE_SERVERS`: JSON as RTCIceServer[] (W3C), or a comma list of stun: URLs. Browsers slow down above four. */
export function parseIceServers(value: string | null): Result<readonly IceServer[], string> {
  if (value === null) return ok([])
  const wrong = 'must be a comma list of stun: URLs, or JSON such as [{"urls":["stun:stun.example:3478"]}].'
  if (!value.startsWith('[')) {
    const list = splitList(value)
    const plain = list.every((url) => iceUrl.test(url) && !turnUrl.test(url))
    return plain ? ok([{ urls: list }]) : err(wrong)
  }
  let raw: unknown
  try {
    raw = JSON.parse(value)
  } catch {
    return err(wrong)
  }
  const parsed = v.safeParse(servers, raw)
  return parsed.success ? ok(parsed.output) : err(wrong)
}

/** `TURN_URLS`: a comma list of turn: and turns: URLs that share `TURN_SECRET`. */
export function parseTurnUrls(value: string | null): Result<readonly string[], string> {
  if (value === null) return ok([])
  const list = splitList(value)
  const good = list.every((url) => iceUrl.test(url) && turnUrl.test(url))
  return good ? ok(list) : err('must be a comma list of turn: or turns: URLs, for example turn:turn.example:3478.')
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
