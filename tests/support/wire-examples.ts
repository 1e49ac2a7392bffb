import * as extension from '@alcove/shared/protocol/extension-messages'
import { ownDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import * as log from '@alcove/shared/protocol/log-messages'
import * as peer from '@alcove/shared/protocol/peer-messages'
import type { GenericSchema } from '@alcove/shared/protocol/schema'
import * as session from '@alcove/shared/protocol/session-messages'
import * as sync from '@alcove/shared/protocol/sync-messages'

/** Every schema of the wires and of what is sealed inside them, by the name that docs/PROTOCOL.md gives it. */
export const schemas = {
  authenticate: session.authenticateMessage,
  'guest-to-server': session.guestToServerMessage,
  'host-to-server': session.hostToServerMessage,
  'server-to-guest': session.serverToGuestMessage,
  'server-to-host': session.serverToHostMessage,
  certificate: peer.certificateContents,
  ticket: peer.ticketContents,
  roster: peer.rosterContents,
  end: peer.endContents,
  note: peer.noteContents,
  'note-envelope': peer.noteEnvelope,
  knock: peer.knockContents,
  pair: peer.pairMessage,
  card: peer.linkCard,
  'minimum-epoch': sync.minimumEpochContents,
  'sync-client': sync.syncClientMessage,
  'sync-server': sync.syncServerMessage,
  'chain-entry': sync.entryContents,
  handover: sync.handoverMessage,
  channel: sync.channelMessage,
  'own-device': ownDeviceMessage,
  pairing: sync.pairingMessage,
  welcome: sync.welcomeContents,
  'log-client': log.logClientMessage,
  'log-server': log.logServerMessage,
  'extension-page': extension.pageToExtension,
  'extension-to-page': extension.extensionToPage,
} as const satisfies Record<string, GenericSchema<unknown, unknown>>

export type SchemaName = keyof typeof schemas

export function isSchemaName(name: string): name is SchemaName {
  return Object.hasOwn(schemas, name)
}

export type DocumentedExample = { readonly schema: SchemaName; readonly line: number; readonly text: string }

/** The fenced blocks of a Markdown text whose info string is `json <schema name>`. */
export function examplesIn(markdown: string): readonly DocumentedExample[] {
  const blocks = markdown.matchAll(/^```json ([\w-]+)\n([\s\S]*?)^```$/gm)
  return Array.from(blocks).flatMap(([block, name = '', body = '']) => {
    const line = markdown.slice(0, markdown.indexOf(block)).split('\n').length
    if (!isSchemaName(name)) return []
    return [{ schema: name, line, text: body.trim() }]
  })
}
