import type { AccessStatement } from '../domain/log-access.ts'
import type { AccessList, SpaceId } from '../domain/sealed-log.ts'
import { decode } from '../protocol/decode.ts'
import { accessContents, maxAccessLength } from '../protocol/log-messages.ts'
import { fromBase64Url, fromUtf8, hashText } from './bytes.ts'
import type { KeyPair } from './identity.ts'
import { spaceIdOf } from './log-keys.ts'
import { sign, signText, verify, verifyText } from './signed.ts'

/** `by` becomes the signing device. Throws for a list that nobody would take: too long, or of another shape. */
export async function signAccess(list: Omit<AccessList, 'by'>, device: KeyPair): Promise<string> {
  const { space, version, previous, root, devices } = list
  const contents = { space, version, previous, root, by: device.publicKey, devices }
  const signed = await sign('log-access', contents, device)
  if (signed.length > maxAccessLength || !(await verifyAccess(signed))) throw new TypeError('Not a statement for the access list')
  return signed
}

/**
 * Signed by the device that it names, over exactly these characters; and in version 0 the space is that device's own. Null for
 * anything else; never throws. Whether it may follow the one before is for shared/domain/log-access.
 */
export async function verifyAccess(statement: string): Promise<AccessStatement | null> {
  if (statement.length > maxAccessLength) return null
  const payload = fromBase64Url(statement.slice(0, Math.max(statement.indexOf('.'), 0)))
  const claimed = decode(accessContents, (payload && fromUtf8(payload)) ?? '', maxAccessLength)
  if (!claimed.ok) return null
  const verified = await verify('log-access', accessContents, statement, claimed.value.by, maxAccessLength)
  if (!verified.ok) return null
  const list = verified.value
  const isFirst = list.version === 0
  if (isFirst !== (list.root !== null) || isFirst !== (list.previous === null)) return null
  if (list.root !== null && (await spaceIdOf(list.root, list.by)) !== list.space) return null
  return { list, hash: await hashText(statement) }
}

/** What a signature that answers the `hello` of `/log` is bound to. */
export type LogAuthenticationFields = {
  /** The page's origin, `https://clinic.example`. The server takes it from the connection's Origin header. */
  readonly origin: string
  /** `connection` and `nonce` of the server's hello. */
  readonly connection: string
  readonly nonce: string
  readonly space: SpaceId
}

/** The text that is signed (domain `alcove/log-authenticate/1`). `device`: of the signing device, 87 characters. */
export function logAuthenticationText({ origin, connection, nonce, space }: LogAuthenticationFields, device: string): string {
  return [origin, connection, nonce, space, device].join('\n')
}

/** base64url, 86 characters. */
export function signLogAuthentication(device: KeyPair, fields: LogAuthenticationFields): Promise<string> {
  return signText('log-authenticate', logAuthenticationText(fields, device.publicKey), device)
}

/** Whether the device is on the list is another question. Never throws. */
export function verifyLogAuthentication(device: string, fields: LogAuthenticationFields, signature: string): Promise<boolean> {
  return verifyText('log-authenticate', logAuthenticationText(fields, device), signature, device)
}
