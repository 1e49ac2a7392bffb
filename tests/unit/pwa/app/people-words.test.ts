import { describe, expect, it } from 'vitest'
import { words as en } from '../../../../pwa/src/words/people.en.ts'
import { words as es } from '../../../../pwa/src/words/people.es.ts'

describe('words about people and devices', () => {
  it('count in both languages', () => {
    expect([1, 2].map(en.people.devices)).toEqual(['1 device', '2 devices'])
    expect([1, 2].map(es.people.devices)).toEqual(['1 dispositivo', '2 dispositivos'])
    expect([0, 1, 2].map(en.invitation.validFor)).toEqual([
      'Valid for less than a minute',
      'Valid for 1 more minute',
      'Valid for 2 more minutes',
    ])
    expect([0, 1, 2].map(es.invitation.validFor)).toEqual([
      'Válido durante menos de un minuto',
      'Válido durante 1 minuto más',
      'Válido durante 2 minutos más',
    ])
    expect([0, 1, 2].map((count) => en.people.removeDevices('Ann', count).slice(0, 24))).toEqual([
      'Ann can no longer be inv',
      'The device of Ann erases',
      'All 2 devices of Ann era',
    ])
    expect([0, 1, 2].map((count) => es.people.removeDevices('Ana', count).slice(0, 24))).toEqual([
      'Ya no se podrá invitar a',
      'El dispositivo de Ana bo',
      'Los 2 dispositivos de An',
    ])
  })

  it('name the devices of the English list in Spanish', () => {
    expect(es.devices.label('Firefox on Linux')).toBe('Firefox en Linux')
    expect(es.devices.label('Safari on iPhone or iPad')).toBe('Safari en iPhone o iPad')
    expect(es.devices.label('Browser on another system')).toBe('Navegador en otro sistema')
    expect(es.devices.label('Chrome on Linux (2)')).toBe('Chrome en Linux (2)')
    // What people call it stays.
    for (const name of ['Front desk on Monday', 'Chrome on Linux at home', '']) expect(es.devices.label(name)).toBe(name)
  })

  it('say of every failure what happened and what to do', () => {
    for (const { invitation, join } of [en, es]) {
      const all = [...Object.values(invitation.failures), ...Object.values(join.failures)]
      expect(all.length).toBeGreaterThan(20)
      for (const { title, text } of all) expect([title.endsWith('.'), text.endsWith('.')]).toEqual([false, true])
    }
    expect(Object.keys(en.join.failures).sort()).toEqual(Object.keys(es.join.failures).sort())
  })

  it('say who removed a device, or nobody', () => {
    expect(en.removed.title('Willow Practice', 'Ann')).toBe('This device was removed from Willow Practice by Ann.')
    expect(en.removed.title('Willow Practice', null)).toBe('This device was removed from Willow Practice.')
    expect(es.removed.title('Willow Practice', 'Ana')).toBe('Ana eliminó este dispositivo de Willow Practice.')
  })
})
