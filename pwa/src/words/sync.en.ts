/** How far this device and the others are together. */
export const words = {
  synced: 'All changes synced with your other devices',
  unsynced: (count: number) => (count === 1 ? '1 change not yet synced' : `${count} changes not yet synced`),
  syncing: 'Exchanging changes with your other devices…',
  nobodyOnline: 'No other device is online',
  offlineSince: (when: string) => `Offline since ${when}`,
  waitingForKey: 'Waiting for the practice’s new key',
  waitingForKeyHint: 'A device was removed while this one was away. The next device of the practice that comes online hands the key over.',
  unsyncedHint: 'They are saved on this device, and go to the others as soon as one is online.',
  both: (first: string, second: string) => `${first} · ${second}`,
  onlineNow: (who: string) => `Online now: ${who}`,
  personWithDevice: (name: string, device: string) => `${name} (${device})`,
}

export type SyncWords = typeof words
