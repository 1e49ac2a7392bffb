import { type LogAnswerOf, weighBatch } from '@alcove/shared/crypto/log-batch'
import { emptyLogHash, type LogPlace } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey } from '@alcove/shared/domain/ids'
import { type LogStand, readBatch, standAtBeginning } from '@alcove/shared/domain/log-reading'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import type { LogConnection } from '../../log-ports.ts'
import { chainEpochs, weighChain } from '../log/chain-log.ts'
import { withoutVain } from '../log/log-epochs.ts'
import { fetchRecords } from '../log/log-fetch.ts'
import type { KitBook } from './kit-book.ts'
import { failureOf, type KitLine, type Refused } from './kit-line.ts'
import type { KitFailure } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Read = { readonly stand: LogStand; readonly payloads: readonly Bytes[] }

/** A whole log, verified. `me`: the kit. What is not believed is left out; what is withheld shows in the end. */
export async function readLog(line: KitLine, book: KitBook, place: LogPlace, me: DeviceTag): Promise<Result<Read, KitFailure>> {
  let stand = standAtBeginning(await emptyLogHash(place.space, place.log))
  const payloads: Bytes[] = []
  for (let jump = true; ; ) {
    const answer = await fetchFrom(line, place, stand, jump)
    if (!answer.ok) return answer
    const { batch, payloads: opened } = await weighBatch(place, stand, answer.value, book.writers)
    // The chain has been read to its end: a key that it does not know is none.
    const reading = readBatch(stand, withoutVain(batch, book.epochs()), book.epochs(), me)
    for (const index of reading.taken) {
      const payload = opened[index]
      if (payload?.length) payloads.push(payload)
    }
    stand = reading.stand
    if (reading.next === 'done') return ok({ stand, payloads })
    if (reading.next === 'more') continue
    if (!jump || reading.next === 'heal') return err('incomplete')
    jump = false
  }
}

/** The chain's log: each part of it may bring the devices and keys that it takes to read on. */
export async function readChain(
  line: KitLine,
  book: KitBook,
  place: LogPlace,
  me: DeviceTag,
  foundingDevice: DeviceKey,
): Promise<Result<LogStand, KitFailure>> {
  const here = () => ({ space: place.space, chainLog: place.log, foundingDevice, epochs: book.epochs() })
  const chain = {
    take: async (entries: readonly string[]) => ok((await book.add(entries)) ? entries.length : 0),
  }
  let stand = standAtBeginning(await emptyLogHash(place.space, place.log))
  for (;;) {
    const answer = await fetchFrom(line, place, stand, false, true)
    if (!answer.ok) return answer
    const { weighed } = await weighChain(here, stand, answer.value, book.writers, chain, async () => undefined)
    const reading = readBatch(stand, weighed.batch, chainEpochs, me)
    stand = reading.stand
    if (reading.next === 'done') return ok(stand)
    if (reading.next !== 'more') return err('incomplete')
  }
}

async function fetchFrom(
  line: KitLine,
  { log }: LogPlace,
  { position }: LogStand,
  jump: boolean,
  all = false,
): Promise<Result<LogAnswerOf, KitFailure>> {
  let refused: Refused | null = null
  const connection: Pick<LogConnection, 'ask'> = {
    async ask(request, body) {
      const answer = await line.ask(request, body)
      if (answer.ok) return answer
      refused = answer.error
      return err({ code: 'lost' })
    },
  }
  const answer = await fetchRecords(connection, log, position.sequence, jump, all)
  return answer.ok ? answer : err(refused ? failureOf(refused) : 'server-failed')
}
