declare const brand: unique symbol

/** A string that is only one kind of identifier, so that a patient's id is never passed for an appointment's. */
export type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Random 128-bit identifiers, base64url. They mean nothing and are safe to index. */
export type PracticeId = Branded<'PracticeId'>
export type MemberId = Branded<'MemberId'>
export type PatientId = Branded<'PatientId'>
export type AppointmentId = Branded<'AppointmentId'>

/** base64url of a device's public key, 65 bytes uncompressed P-256: 87 characters. */
export type DeviceKey = Branded<'DeviceKey'>
/** base64url(SHA-256(a signed entry of the practice's chain)): 43 characters. */
export type EntryHash = Branded<'EntryHash'>
/** Random, one per practice key: 22 characters. */
export type EpochId = Branded<'EpochId'>
/** A keyed hash of a document's name: 22 characters. */
export type DocumentId = Branded<'DocumentId'>

/** base64url(SHA-256(room key, 33 bytes compressed)): 43 characters. The only name of a room that the server knows. */
export type RoomId = Branded<'RoomId'>
/** base64url of a guest's public key, 65 bytes uncompressed P-256: 87 characters. */
export type GuestKey = Branded<'GuestKey'>
/** Random, one per live meeting; a restarted session has another. Opaque: compared by equality only. */
export type CallId = Branded<'CallId'>

/** Gives a plain string its kind. Use it where the value is created or has just been decoded, nowhere else. */
export function asId<Id extends string>(value: string): Id {
  return value as Id
}
