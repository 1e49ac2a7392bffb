import { asId, type DocumentId, type EpochId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { copyOf, recordsOf, rewriteLog } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000

let world: LogWorld
let document: DocumentId
beforeEach(async () => {
  world = await createLogWorld()
  document = await world.save(world.first, 'a')
  for (const name of ['b', 'c']) {
    await world.current(world.first)
    await world.save(world.first, name, document)
  }
  await world.current(world.first)
  await world.pass(secondMs)
  world.first.crash()
})
afterEach(() => world.stop())

/** As if there had been a practice key that came to nothing while the program did not run. */
function vanishKey(): void {
  const { shelf } = world.first.disk
  shelf.cover = { ...shelf.cover, epochs: [null, asId<EpochId>('gone')] }
}

describe('logs that are read again because a practice key came to nothing', () => {
  it('are read to the end, and no server is blamed', async () => {
    vanishKey()
    await world.first.start()
    await world.current(world.first)
    expect(world.incidents(world.first)).toEqual([])
    expect(world.first.disk.shelf.cover.epochs).toEqual(world.first.running()?.store.place()?.epochs)
    expect(world.first.disk.shelf.pages.get(document)?.position.sequence).toBe(3)
  })

  it('have to be the logs that they were', async () => {
    const disk = copyOf(world.server.disk())
    const [space] = disk.spaces.keys()
    const log = world.logs(disk).get(document)
    if (!space || !log) throw new Error('No log')
    await rewriteLog(disk, space, document, recordsOf(log).slice(0, 2))
    world.server.crash(secondMs, disk)
    await world.pass(5 * secondMs)
    vanishKey()
    await world.first.start()
    await world.current(world.first)
    expect(world.incidents(world.first)).toContain('rolled-back')
  })
})
