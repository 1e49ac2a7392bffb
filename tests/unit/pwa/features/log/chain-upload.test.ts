import { asId, type DeviceKey, type DocumentId } from '@alcove/shared/domain/ids'
import { expect, it } from 'vitest'
import { createChainUpload } from '../../../../../pwa/src/features/log/chain-upload.ts'
import type { AppendEnd, LogAppender } from '../../../../../pwa/src/features/log/log-appender.ts'
import type { LogContext } from '../../../../../pwa/src/features/log/log-context.ts'
import type { LogPage } from '../../../../../pwa/src/log-ports.ts'
import type { EpochBatch } from '../../../../../pwa/src/sync-ports.ts'
import { hashOf } from '../../../../support/chain/chain-world.ts'

const chainLog = asId<DocumentId>('chain')
const me = asId<DeviceKey>('me')
const long = (name: string): EpochBatch['entries'][number] => ({
  hash: hashOf(name),
  by: me,
  signed: name.repeat(20_000),
  sharesKeys: false,
})

/** `shows`: the server gives what it has taken. */
function upload({ shows }: { readonly shows: boolean }) {
  const place = { chainLog, device: { publicKey: me }, foundingDevice: me }
  let known: LogPage['known'] = null
  const ends: AppendEnd[] = []
  const appender: LogAppender = {
    async append(_document, make) {
      const draft = await make({ document: chainLog, known } as LogPage, place as never)
      if (ends.length > 50) throw new Error('It writes without end')
      if (draft && shows) known = draft.known
      ends.push(draft ? 'done' : 'nothing')
      return draft ? 'done' : 'nothing'
    },
    running: () => 0,
  }
  const went: AppendEnd[] = []
  const chain = createChainUpload({
    context: {
      place: () => place,
      memory: { page: () => null },
      chain: { byEpoch: async () => [{ epoch: null, entries: ['a', 'b', 'c', 'd', 'e'].map(long) }] },
    } as unknown as LogContext,
    appender,
    went(end) {
      went.push(end)
      return end === 'done'
    },
    onThere: () => undefined,
  })
  return { chain, ends, went }
}

it('the chain is brought in as many records as it takes', async () => {
  const { chain, ends } = upload({ shows: true })
  expect([await chain.bring(), chain.isThere()]).toEqual([true, true])
  expect(ends).toEqual(['done', 'done', 'done', 'nothing'])
})

it('a server that takes it and does not show it is left alone for a while', async () => {
  const { chain, ends, went } = upload({ shows: false })
  expect([await chain.bring(), chain.isThere()]).toEqual([false, false])
  expect(ends.filter((end) => end === 'done')).toHaveLength(1)
  expect(went.at(-1)).toBe('later')
})
