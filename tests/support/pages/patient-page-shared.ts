/** What the patient's page takes from shared, apart from the reducers: an entry to be bundled and weighed. */
import { verifyEnd, verifyNote, verifyRoster, verifyTicket } from '@alcove/shared/crypto/admission'
import { hashText, randomId } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { parseLink } from '@alcove/shared/crypto/link'
import { createGuestChannel, createHostChannel } from '@alcove/shared/crypto/pair-channel'
import { knockMac, openNote, sealKnock } from '@alcove/shared/crypto/seal'
import { signAuthentication } from '@alcove/shared/crypto/signed'
import { displayName } from '@alcove/shared/domain/display-name'
import { decode } from '@alcove/shared/protocol/decode'
import { serverToGuestMessage } from '@alcove/shared/protocol/session-messages'

export const taken = {
  createGuestChannel,
  createHostChannel,
  decode,
  displayName,
  generateSecret,
  hashText,
  importKeyPair,
  knockMac,
  openNote,
  parseLink,
  randomId,
  sealKnock,
  serverToGuestMessage,
  signAuthentication,
  verifyEnd,
  verifyNote,
  verifyRoster,
  verifyTicket,
}
