import { randomBytes } from '@alcove/shared/crypto/bytes'
import { describe, expect, it } from 'vitest'
import { createRememberedName } from '../../../../../pwa/src/features/visit/remembered-name.ts'
import { createMemory } from '../../../../support/media/fake-computer.ts'

describe('the remembered name', () => {
  it('S15 comes back with the same link only', async () => {
    const memory = createMemory()
    const secret = randomBytes(16)
    await createRememberedName(memory, secret).write('Zoë Quill')
    expect(await createRememberedName(memory, secret).read()).toBe('Zoë Quill')
    expect(await createRememberedName(memory, randomBytes(16)).read()).toBe('')
  })

  it('does not stand in the browser in clear, and looks different every time', async () => {
    const memory = createMemory()
    const name = createRememberedName(memory, randomBytes(16))
    await name.write('Zoe Quill')
    const first = memory.get('join.name')
    await name.write('Zoe Quill')
    expect(memory.get('join.name')).not.toBe(first)
    expect(Buffer.from(first ?? '', 'base64url').toString('latin1')).not.toContain('Quill')
  })

  it('is empty before the first visit and after somebody tampered with it', async () => {
    const memory = createMemory()
    const name = createRememberedName(memory, randomBytes(16))
    expect(await name.read()).toBe('')
    memory.set('join.name', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
    expect(await name.read()).toBe('')
    memory.set('join.name', '!')
    expect(await name.read()).toBe('')
  })
})
