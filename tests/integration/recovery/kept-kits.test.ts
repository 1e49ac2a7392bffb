import { asId, type DeviceKey } from '@alcove/shared/domain/ids'
import { ok } from '@alcove/shared/domain/result'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKitKeeper } from '../../../pwa/src/features/recovery/kit-keeper.ts'
import { makeKit } from '../../../pwa/src/features/recovery/make-kit.ts'
import type { LogLine } from '../../../pwa/src/log-ports.ts'
import { createRecoveryWorld, type RecoveryWorld } from '../../support/recovery/recovery-world.ts'

let world: RecoveryWorld
beforeEach(() => {
  world = createRecoveryWorld()
})
afterEach(() => world.close())

describe('a kit in place of another', () => {
  it('leaves the older one on the server until it can be used itself, also over a start of the app', async () => {
    const laptop = await world.found()
    const old = await laptop.makeKit()
    expect(await laptop.drill(old.secret)).toMatchObject({ kind: 'finished', complete: true })
    await laptop.current()
    const { kits, sync } = await laptop.store()
    const made = await makeKit({ clock: world.clock, line: world.line, origin: world.origin, kits, syncStore: sync })
    if (!made.ok) throw new Error(made.error)
    // Signed here, and nobody has heard of it.
    expect(await world.disk.readKit(old.locator)).not.toBeNull()
    await laptop.current()
    expect(await laptop.drill(made.value.secret)).toMatchObject({ kind: 'finished', complete: true })
    const revoked = () => {
      let count = -1
      kits.watch((state) => {
        count = state?.revoked.length ?? 0
      })()
      return count
    }
    expect(revoked()).toBe(1)
    const keeper = await laptop.keepKits()
    await expect.poll(async () => world.disk.readKit(old.locator), { timeout: 15_000 }).toBeNull()
    await expect.poll(revoked, { timeout: 15_000 }).toBe(0)
    keeper.close()
    expect(await world.disk.readKit(made.value.locator)).not.toBeNull()
  })

  it('is not taken away under the name of one that was removed', async () => {
    const laptop = await world.found()
    const kept = await laptop.makeKit()
    await laptop.current()
    const { kits, sync } = await laptop.store()
    // As a device of the practice may have written it into the document.
    const gone = asId<DeviceKey>('gone')
    let noted: readonly DeviceKey[] | null = null
    const keeper = createKitKeeper({
      clock: world.clock,
      line: world.line,
      origin: world.origin,
      syncStore: sync,
      random: () => 0,
      kits: {
        ...kits,
        watch: (listener) =>
          kits.watch((state) => {
            const revoked = [kept.locator, 'x'.repeat(43)].map((locator) => ({ device: gone, member: state?.me ?? ('' as never), locator }))
            listener(state && { ...state, revoked })
          }),
        async noteGone(devices) {
          noted = devices
          return ok(undefined)
        },
      },
    })
    await expect.poll(() => noted, { timeout: 15_000 }).toEqual([gone])
    keeper.close()
    expect(await world.disk.readKit(kept.locator)).not.toBeNull()
  })

  it('that is not on the server’s list yet takes nothing away', async () => {
    const laptop = await world.found()
    const old = await laptop.makeKit()
    expect(await laptop.drill(old.secret)).toMatchObject({ kind: 'finished' })
    const { kits, sync } = await laptop.store()
    laptop.rest()
    const deps = { clock: world.clock, line: world.line, origin: world.origin, kits, syncStore: sync }
    expect(await makeKit(deps)).toMatchObject({ ok: true })
    let asked: string[] = []
    let isOver = false
    const line: LogLine = {
      open(listen) {
        const connection = world.line.open(listen)
        return {
          ...connection,
          ask(request, body) {
            asked = [...asked, request.type]
            return connection.ask(request, body)
          },
          close() {
            connection.close()
            isOver = true
          },
        }
      },
    }
    const keeper = await laptop.keepKits(line)
    await expect.poll(() => isOver, { timeout: 15_000 }).toBe(true)
    keeper.close()
    // It asked whom the server lets in, and that was reason enough.
    expect(asked).toContain('get-access')
    expect(asked).not.toContain('put-kit')
    expect(await world.disk.readKit(old.locator)).not.toBeNull()
  })
})

describe('a server that has lost what it kept for a kit', () => {
  it('gets it again from the devices of the practice', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    world.disk.clear()
    world.restart()
    await laptop.current()
    const keeper = await laptop.keepKits()
    await expect.poll(async () => (await laptop.drill(secret)).kind, { timeout: 15_000 }).toBe('finished')
    keeper.close()
  })

  it('gets it again where it has something else in its place', async () => {
    const laptop = await world.found()
    const { secret, locator } = await laptop.makeKit()
    const kept = await world.disk.readKit(locator)
    if (!kept) throw new Error('There is no kit')
    await world.disk.commit([{ type: 'kit', locator, kit: { ...kept, bytes: kept.bytes.map((byte) => byte ^ 1) } }])
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'failed' })
    const keeper = await laptop.keepKits()
    await expect.poll(async () => (await laptop.drill(secret)).kind, { timeout: 15_000 }).toBe('finished')
    keeper.close()
  })

  it('gets those of all members at once', async () => {
    const laptop = await world.found()
    const { practice } = await laptop.store()
    const added = await practice.addMember({ name: 'Kofi Mensah', roles: ['clinician'] })
    if (!added.ok) throw new Error(added.error)
    const kofi = await world.join(laptop, added.value.id)
    const locators = [(await laptop.makeKit()).locator, (await kofi.makeKit()).locator]
    await expect.poll(async () => (await laptop.kits()).filter(({ kept }) => kept).length, { timeout: 15_000 }).toBe(2)
    world.disk.clear()
    world.restart()
    await laptop.current()
    const keeper = await laptop.keepKits()
    const kept = async () =>
      (await Promise.all(locators.map((locator) => world.disk.readKit(locator)))).filter((kit) => kit !== null).length
    await expect.poll(kept, { timeout: 15_000 }).toBe(2)
    keeper.close()
  })
})
