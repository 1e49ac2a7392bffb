import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogEnrolment } from '../../../signaling/src/enrolment.ts'
import { createLogWorld, type LogWorld } from '../../support/log/log-world.ts'
import { createSimLogDisk } from '../../support/simulation/sim-log-disk.ts'

const secondMs = 1000
const code = 'quiet-river-41'

let world: LogWorld
beforeEach(async () => {
  world = await createLogWorld({ reach: 'both', enrolment: createLogEnrolment(code) })
})
afterEach(() => world.stop())

describe('a server that gives space to whom its operator knows', () => {
  it('asks for the code once, says when it was wrong, and keeps the log from then on', async () => {
    const line = () => world.log(world.first).line
    await world.until('asked', () => line().kind === 'needs-enrolment')
    expect(line()).toEqual({ kind: 'needs-enrolment', refused: false })
    world.first.running()?.engine.log.enrol('quiet-river-14')
    await world.until('refused', () => line().kind === 'needs-enrolment' && JSON.stringify(line()).includes('true'))
    const document = await world.save(world.first, 'a')
    world.first.running()?.engine.log.enrol(code)
    await world.current(world.first)
    expect(world.logs().get(document)?.state.end.sequence).toBe(1)
  })

  it('is filled again after it lost its disk, by any device and without the code', async () => {
    await world.until('asked', () => world.log(world.first).line.kind === 'needs-enrolment')
    world.first.running()?.engine.log.enrol(code)
    await world.current(world.first)
    const second = await world.letIn('second')
    const document = await world.save(world.first, 'a')
    await world.current(world.first, second)
    world.first.crash()
    world.server.crash(secondMs, createSimLogDisk())
    await world.pass(20 * secondMs)
    await world.current(second)
    expect(world.logs().get(document)?.state.end.sequence).toBe(1)
  })
})
