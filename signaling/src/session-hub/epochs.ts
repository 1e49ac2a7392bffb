import type { RoomId } from '@alcove/shared/domain/ids'

/** Minimum epochs of rooms, kept for good (minimum-epochs.ts). Certificates of a lower epoch are void. */
export type Epochs = {
  /** 0 for a room that has none. */
  minimum(room: RoomId): number
  /**
   * Resolves when it is stored durably; a lower or equal one changes nothing. `statement`: what the room key signed.
   * `full`: no further room can be stored. `failed`: the disk refused.
   */
  raise(room: RoomId, epoch: number, statement: string): Promise<'stored' | 'full' | 'failed'>
}
