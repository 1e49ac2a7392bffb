import { beforeAll, describe, expect, it } from 'vitest'
import { newCall, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest } from '../../support/signaling/hub-world.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

async function group() {
  const world = createHubWorld()
  const host = await world.host(room)
  const [anna, ben] = [await waitingGuest(world, room.room), await waitingGuest(world, room.room)]
  const call = newCall()
  await host.admit(anna.key, anna.sealed, call)
  await host.admit(ben.key, ben.sealed, call)
  await host.sync()
  const entries = [anna, ben].map(({ key, sealed }) => ({ guest: key, sealed }))
  return { world, host, anna, ben, call, entries }
}

describe('two guests of one call', () => {
  it('cannot reach each other before a roster names both', async () => {
    const { anna, ben } = await group()
    anna.send({ type: 'relay', to: ben.key, data: 'AAAA' })
    await anna.sync()
    expect(anna.errors()).toEqual(['not-a-member'])
    expect(ben.of('relay')).toEqual([])
  })

  it('reach each other once it does, and the server stamps who sent it', async () => {
    const { host, anna, ben, call, entries } = await group()
    const roster = await host.roster(call, 1, entries)
    await host.sync()
    anna.send({ type: 'relay', to: ben.key, data: 'SGVsbG8' })
    await anna.sync()
    expect(anna.of('roster')).toEqual([{ type: 'roster', roster }])
    expect(ben.of('relay')).toEqual([{ type: 'relay', from: anna.key, data: 'SGVsbG8' }])
    expect(host.of('relay')).toEqual([])
  })

  it('cannot once a newer roster names only one', async () => {
    const { host, anna, ben, call, entries } = await group()
    await host.roster(call, 1, entries)
    await host.roster(call, 2, entries.slice(0, 1))
    await host.sync()
    anna.send({ type: 'relay', to: ben.key, data: 'AAAA' })
    ben.send({ type: 'relay', to: anna.key, data: 'AAAA' })
    await Promise.all([anna.sync(), ben.sync()])
    expect([anna.errors(), ben.errors()]).toEqual([['not-a-member'], ['not-a-member']])
    expect([...anna.of('relay'), ...ben.of('relay')]).toEqual([])
  })

  it('cannot while one of them has to be admitted anew, and not on the strength of its former knock', async () => {
    const { host, anna, ben, call, entries } = await group()
    await host.roster(call, 1, entries)
    await host.sync()
    const again = ben.knock()
    await ben.sync()
    anna.send({ type: 'relay', to: ben.key, data: 'b25l' })
    await anna.sync()
    await host.admit(ben.key, again, call)
    await host.sync()
    anna.send({ type: 'relay', to: ben.key, data: 'dHdv' })
    await anna.sync()
    expect(ben.of('admitted').at(-1)?.roster).toBeNull()
    expect(ben.of('relay')).toEqual([])
    const [mine] = entries
    if (mine) await host.roster(call, 2, [mine, { guest: ben.key, sealed: again }])
    await host.sync()
    anna.send({ type: 'relay', to: ben.key, data: 'dGhyZWU' })
    await anna.sync()
    expect(ben.of('relay')).toEqual([{ type: 'relay', from: anna.key, data: 'dGhyZWU' }])
  })

  it('are told apart from members of another call of the same room', async () => {
    const { world, host, anna, call, entries } = await group()
    const other = await waitingGuest(world, room.room)
    await host.admit(other.key, other.sealed, newCall())
    await host.roster(call, 1, [...entries, { guest: other.key, sealed: other.sealed }])
    await host.sync()
    other.send({ type: 'relay', to: anna.key, data: 'AAAA' })
    anna.send({ type: 'relay', to: other.key, data: 'AAAA' })
    await Promise.all([anna.sync(), other.sync()])
    expect([...anna.of('relay'), ...other.of('relay'), ...other.of('roster')]).toEqual([])
  })

  it('cannot reach each other after Remove', async () => {
    const { host, anna, ben, call, entries } = await group()
    await host.roster(call, 1, entries)
    host.send({ type: 'dismiss', guest: ben.key })
    await host.sync()
    ben.send({ type: 'relay', to: 'host', data: 'AAAA' })
    ben.send({ type: 'relay', to: anna.key, data: 'AAAA' })
    anna.send({ type: 'relay', to: ben.key, data: 'AAAA' })
    await Promise.all([anna.sync(), ben.sync()])
    expect(ben.of('dismissed')).toHaveLength(1)
    expect([...host.of('relay'), ...anna.of('relay'), ...ben.of('relay')]).toEqual([])
  })
})

describe('a roster', () => {
  it('is refused when it is not newer, of an unknown call, or signed by another room', async () => {
    const { world, host, anna, call, entries } = await group()
    const old = await host.roster(call, 5, entries)
    await host.sync()
    host.send({ type: 'roster', roster: old })
    await host.roster(call, 4, [])
    await host.roster(newCall(), 6, entries)
    await host.sync()
    expect(host.errors()).toEqual(['roster-refused', 'roster-refused', 'roster-refused'])
    const thief = await world.host(await newRoom())
    thief.send({ type: 'roster', roster: old })
    await thief.sync()
    expect(thief.errors()).toEqual(['roster-refused'])
    expect(anna.of('roster')).toHaveLength(1)
  })

  it('comes with the ticket when it names the newcomer already', async () => {
    const { world, host, call, entries } = await group()
    const late = await waitingGuest(world, room.room)
    const roster = await host.roster(call, 1, [...entries, { guest: late.key, sealed: late.sealed }])
    await host.admit(late.key, late.sealed, call)
    await host.sync()
    expect(late.of('admitted')[0]?.roster).toBe(roster)
  })
})
