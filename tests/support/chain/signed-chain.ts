import { signEntry, verifyEntry } from '@alcove/shared/crypto/chain'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import { asId, type DeviceKey, type EntryHash, type MemberId, type PracticeId } from '@alcove/shared/domain/ids'
import type { ChainEntry, Operation } from '@alcove/shared/domain/practice-chain'
import { historyOf } from '@alcove/shared/domain/practice-roll'
import { newPair, noon } from '../crypto-people.ts'

export const deviceKey = (pair: KeyPair) => asId<DeviceKey>(pair.publicKey)
export const memberId = (letter: string) => asId<MemberId>(letter.repeat(22))

/** A practice with real keys and signatures: an administrator's laptop and a clinician's. */
export async function newSignedPractice() {
  const [administrator, clinician] = [await newPair(), await newPair()]
  const signed = new Map<EntryHash, string>()
  const entries: ChainEntry[] = []
  async function sign(by: KeyPair, parents: readonly EntryHash[], operations: readonly Operation[]): Promise<EntryHash> {
    const made = await signEntry({ parents, at: noon, operations }, by)
    const entry = await verifyEntry(made.signed)
    if (!entry) throw new Error('What was signed does not verify')
    signed.set(made.hash, made.signed)
    entries.push(entry)
    return made.hash
  }
  const root = await sign(
    administrator,
    [],
    [
      { type: 'found', practice: asId<PracticeId>('p'.repeat(22)) },
      { type: 'add-member', member: memberId('a'), name: 'Dr. Rivera', roles: ['administrator'] },
      { type: 'add-device', device: deviceKey(administrator), member: memberId('a'), label: 'Laptop' },
      { type: 'add-member', member: memberId('c'), name: 'Dr. Okafor', roles: ['clinician'] },
      { type: 'add-device', device: deviceKey(clinician), member: memberId('c'), label: 'Laptop' },
    ],
  )
  return {
    administrator,
    clinician,
    root,
    sign,
    signed,
    entries: () => entries,
    history() {
      const history = historyOf(entries, root)
      if (!history) throw new Error('The practice was not founded')
      return history
    },
  }
}
export type SignedPractice = Awaited<ReturnType<typeof newSignedPractice>>
