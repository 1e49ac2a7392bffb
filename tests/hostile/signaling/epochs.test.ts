import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from '@alcove/shared/crypto/admission'
import { sign } from '@alcove/shared/crypto/signed'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dayMs, newPair, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { type RunningServer, startServer } from '../../support/server.ts'
import { connectHost, openWebSocket } from '../../support/wire-client.ts'

const kills = 20

let server: RunningServer
let room: TestRoom
beforeAll(async () => {
  server = await startServer()
  room = await newRoom(Date.now())
})
afterAll(() => server.kill())

/** A device of the room, certified at this epoch, that has said who it is. */
async function device(epoch: number) {
  const own = await newPair()
  const validity = { notBeforeAt: Date.now() - dayMs, expiresAt: Date.now() + dayMs, epoch }
  const certified = { ...room, device: own, certificate: await issueCertificate(room.roomPair, room.room, own.publicKey, validity) }
  return connectHost(await openWebSocket(`ws://localhost:${server.port}/session`, server.origin), server.origin, certified, Date.now)
}

it(`${kills} kills (-9) right after a minimum epoch was raised lose none, and let no lower certificate in`, async () => {
  for (let epoch = 1; epoch <= kills; epoch++) {
    const host = await device(epoch)
    await host.next('ready')
    host.send({ type: 'raise-epoch', statement: await sign('minimum-epoch', { room: room.room, epoch }, room.roomPair) })
    expect(await host.next('epoch-raised')).toEqual({ type: 'epoch-raised', epoch })
    await server.kill()
    // What a crash of the whole computer may leave: a line that was begun.
    if (epoch % 2 === 0) appendFileSync(join(server.dataDir, 'minimum-epochs.jsonl'), `{"room":"${room.room}","epo`)
    await server.restart()
    const lost = await device(epoch - 1)
    expect(await lost.next('error')).toEqual({ type: 'error', code: 'certificate-refused', fatal: true, minimum: epoch })
  }
  expect((await (await device(kills)).next('ready')).role).toBe('host')
}, 120_000)
