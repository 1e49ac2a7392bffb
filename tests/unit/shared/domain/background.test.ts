import { mayUseBackgrounds, readBackgroundChoice, writeBackgroundChoice } from '@alcove/shared/domain/background'
import { telehealthTiers } from '@alcove/shared/domain/practice'
import { describe, expect, it } from 'vitest'

describe('backgrounds', () => {
  it('are for Premium practices alone (S39)', () => {
    expect(telehealthTiers.filter(mayUseBackgrounds)).toEqual(['premium'])
  })

  it('are remembered as they were chosen', () => {
    for (const choice of [{ kind: 'none' }, { kind: 'light' }, { kind: 'blur' }, { kind: 'image', id: 'quiet-room' }] as const) {
      expect(readBackgroundChoice(writeBackgroundChoice(choice))).toEqual(choice)
    }
  })

  it('are not taken from anything else', () => {
    for (const text of [null, '', 'Blur', 'image:', 'image:../x', `image:${'a'.repeat(65)}`]) expect(readBackgroundChoice(text)).toBeNull()
  })
})
