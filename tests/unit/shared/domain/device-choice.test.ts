import { describe, expect, it } from 'vitest'
import { deviceChange, resolveDevice } from '@alcove/shared/domain/device-choice'

const built = { deviceId: 'a', label: 'Built-in microphone' }
const headset = { deviceId: 'b', label: 'Headset' }

describe('the device to ask for', () => {
  it('is the default until somebody chose', () => {
    expect(resolveDevice(null, [built, headset])).toBe('default')
  })

  it('is the remembered one by id', () => {
    expect(resolveDevice(headset, [built, { deviceId: 'b', label: 'Renamed' }])).toBe('b')
  })

  it('is the remembered one by name when its id has changed', () => {
    expect(resolveDevice(headset, [built, { deviceId: 'new', label: 'Headset' }])).toBe('new')
  })

  it('is tried by id while the browser hides the names', () => {
    expect(resolveDevice(headset, [])).toBe('b')
  })

  it('is the default when the remembered one is not there', () => {
    expect(resolveDevice(headset, [built])).toBe('default')
  })
})

describe('plugging and unplugging', () => {
  it('says that the one in use is lost', () => {
    const input = { inUse: 'b', wanted: headset, before: [built, headset], after: [built] }
    expect(deviceChange(input)).toEqual({ kind: 'lost' })
  })

  it('takes the chosen one again when it returns, also under another id', () => {
    const back = { deviceId: 'c', label: 'Headset' }
    const input = { inUse: 'a', wanted: headset, before: [built], after: [built, back] }
    expect(deviceChange(input)).toEqual({ kind: 'returned', device: back })
  })

  it('only offers one that nobody chose', () => {
    const input = { inUse: 'a', wanted: null, before: [built], after: [built, headset] }
    expect(deviceChange(input)).toEqual({ kind: 'appeared', device: headset })
  })

  it('is quiet when another one goes, or when names appear with the permission', () => {
    expect(deviceChange({ inUse: 'a', wanted: null, before: [built, headset], after: [built] }).kind).toBe('none')
    expect(deviceChange({ inUse: 'a', wanted: null, before: [], after: [built, headset] }).kind).toBe('none')
    const nameless = { deviceId: 'a', label: '' }
    expect(deviceChange({ inUse: 'a', wanted: null, before: [nameless], after: [built, headset] }).kind).toBe('none')
  })
})
