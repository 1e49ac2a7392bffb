import type { Journal } from '../../ports.ts'

/** S15: the name last given in Welcome!, in the encrypted memory: it is somebody's name. */
const entryName = 'session-name'

/** Null when none was given yet. */
export async function readSessionName(journal: Journal): Promise<string | null> {
  const stored = await journal.read(entryName).catch(() => null)
  return typeof stored === 'string' && stored !== '' ? stored : null
}

/** A name that could not be kept is asked for again; nothing else depends on it. */
export async function rememberSessionName(journal: Journal, name: string): Promise<void> {
  await journal.write(entryName, name).catch(() => undefined)
}
