import { describe, expect, it } from 'vitest'
import { emptySetUp, isEmailOrEmpty, readSetUp } from '../../../../../pwa/src/features/practice/set-up-form.ts'

describe('the set-up of a practice', () => {
  it('needs names and a role, and nothing else', () => {
    expect(readSetUp({ ...emptySetUp, administrator: false, clinician: false, contactEmail: 'no' })).toEqual({
      ok: false,
      error: ['practice-name', 'your-name', 'role', 'email'],
    })
    expect(readSetUp({ ...emptySetUp, practiceName: ' Willow ', yourName: ' Dr. Rivera ' })).toEqual({
      ok: true,
      value: {
        name: 'Willow',
        memberName: 'Dr. Rivera',
        contactPhone: '',
        contactEmail: '',
        roles: ['administrator', 'clinician'],
        telehealth: 'basic',
      },
    })
  })

  it('refuses only an e-mail that is surely mistyped', () => {
    expect(['', ' ', 'a@b.c', 'a+b@c.example'].every(isEmailOrEmpty)).toBe(true)
    expect(['a', 'a@b', 'a b@c.d'].some(isEmailOrEmpty)).toBe(false)
  })
})
