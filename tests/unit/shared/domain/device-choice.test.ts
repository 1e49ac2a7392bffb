import { describe, expect, it } from 'vitest'
import { type DeviceChangeInput, deviceChange, isHeadset, resolveDevice } from '@alcove/shared/domain/device-choice'

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
    const input: DeviceChangeInput = { what: 'microphone', inUse: 'b', wanted: headset, before: [built, headset], after: [built] }
    expect(deviceChange(input)).toEqual({ kind: 'lost' })
  })

  it('takes the chosen one again when it returns, also under another id', () => {
    const desk = { deviceId: 'b', label: 'Desk microphone' }
    const back = { deviceId: 'c', label: 'Desk microphone' }
    const input: DeviceChangeInput = { what: 'microphone', inUse: 'a', wanted: desk, before: [built], after: [built, back] }
    expect(deviceChange(input)).toEqual({ kind: 'returned', device: back })
  })

  it('C8 asks before it takes a headset that is back', () => {
    const input: DeviceChangeInput = { what: 'microphone', inUse: 'a', wanted: headset, before: [built], after: [built, headset] }
    expect(deviceChange(input)).toEqual({ kind: 'appeared', device: headset })
    expect(['AirPods Pro', 'Jabra Headset', 'WH-1000XM4 Hands-Free', 'Galaxy Buds2', 'EarPods'].filter((name) => !isHeadset(name))).toEqual(
      [],
    )
    expect(['Built-in microphone', 'USB Condenser', 'Brio 500'].filter(isHeadset)).toEqual([])
  })

  it('only offers one that nobody chose', () => {
    const input: DeviceChangeInput = { what: 'microphone', inUse: 'a', wanted: null, before: [built], after: [built, headset] }
    expect(deviceChange(input)).toEqual({ kind: 'appeared', device: headset })
  })

  it('is quiet when another one goes, or when names appear with the permission', () => {
    expect(deviceChange({ what: 'microphone', inUse: 'a', wanted: null, before: [built, headset], after: [built] }).kind).toBe('none')
    expect(deviceChange({ what: 'microphone', inUse: 'a', wanted: null, before: [], after: [built, headset] }).kind).toBe('none')
    const nameless = { deviceId: 'a', label: '' }
    expect(deviceChange({ what: 'microphone', inUse: 'a', wanted: null, before: [nameless], after: [built, headset] }).kind).toBe('none')
  })
})
