import { err, ok, type Result } from '@alcove/shared/domain/result'
import * as v from '@alcove/shared/protocol/schema'
import type { IceServer } from '@alcove/shared/protocol/session-messages'

/** RFC 7064 and RFC 7065 URIs, as browsers take them. */
const iceUrl = /^(?:stuns?|turns?):(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i
const turnUrl = /^turns?:/i

/** What a page takes of the server (session-messages.ts); one server is the relay of `TURN_URLS`. */
const maxServers = 15
const maxUrls = 16
const maxText = 512

const url = v.pipe(v.string(), v.regex(iceUrl), v.maxLength(maxText))
const word = v.pipe(v.string(), v.maxLength(maxText))
const server = v.strictObject({
  urls: v.union([
    v.pipe(v.array(url), v.minLength(1), v.maxLength(maxUrls)),
    v.pipe(
      url,
      v.transform((one) => [one]),
    ),
  ]),
  username: v.exactOptional(word),
  credential: v.exactOptional(word),
})
const servers = v.pipe(v.array(server), v.maxLength(maxServers))

/** Browsers refuse every connection over a TURN server that comes without a name and a password. */
function isWhole({ urls, username, credential }: IceServer): boolean {
  return (username !== undefined && credential !== undefined) || !urls.some((one) => turnUrl.test(one))
}

/** `ICE_SERVERS`: JSON as RTCIceServer[] (W3C), or a comma list of stun: URLs. Browsers slow down above four. */
export function parseIceServers(value: string | null): Result<readonly IceServer[], string> {
  if (value === null) return ok([])
  const wrong = `must be a comma list of stun: URLs, or JSON such as [{"urls":["stun:stun.example:3478"]}], of ${maxServers} servers at most, turn: ones with username and credential.`
  if (!value.startsWith('[')) {
    const list = splitList(value)
    const plain = list.every((one) => isUrl(one) && !turnUrl.test(one)) && list.length <= maxUrls
    return plain ? ok([{ urls: list }]) : err(wrong)
  }
  let raw: unknown
  try {
    raw = JSON.parse(value)
  } catch {
    return err(wrong)
  }
  const parsed = v.safeParse(servers, raw)
  return parsed.success && parsed.output.every(isWhole) ? ok(parsed.output) : err(wrong)
}

/** `TURN_URLS`: a comma list of turn: and turns: URLs that share `TURN_SECRET`. */
export function parseTurnUrls(value: string | null): Result<readonly string[], string> {
  if (value === null) return ok([])
  const list = splitList(value)
  const good = list.every((one) => isUrl(one) && turnUrl.test(one)) && list.length <= maxUrls
  return good ? ok(list) : err('must be a comma list of turn: or turns: URLs, for example turn:turn.example:3478.')
}

function isUrl(text: string): boolean {
  return v.safeParse(url, text).success
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
