import type { DocumentId } from '@alcove/shared/domain/ids'
import { afterEach, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { createSimLogDisk } from '../../support/simulation/sim-log-disk.ts'

let world: LogWorld
afterEach(() => world.stop())

const isSaved = () => world.log(world.first).line.kind === 'current'

it('says that everything is saved only once a device that comes alone would find it, after the server lost all of it too', async () => {
  world = await createLogWorld()
  const documents: DocumentId[] = []
  for (let i = 0; i < 12; i++) documents.push(await world.save(world.first, `n${i}`))
  await world.current(world.first)
  world.server.crash(1000, createSimLogDisk())
  await world.until('the loss is noticed', () => world.incidents(world.first).includes('rolled-back'))
  await world.until('saved', isSaved)
  for (const document of documents) expect(world.logs().get(document)?.state.end.sequence).toBeGreaterThan(0)
})

it('says so of what was made while the server was away', async () => {
  world = await createLogWorld()
  const document = await world.save(world.first, 'before')
  await world.current(world.first)
  world.setOnline(world.first, false)
  await world.until('offline', () => world.log(world.first).line.kind === 'offline')
  const { sequence } = world.logs().get(document)?.state.end ?? { sequence: 0 }
  await world.save(world.first, 'after', document)
  world.first.crash()
  await world.first.start()
  world.setOnline(world.first, true)
  await world.until('saved', isSaved)
  expect(world.logs().get(document)?.state.end.sequence).toBeGreaterThan(sequence)
})
