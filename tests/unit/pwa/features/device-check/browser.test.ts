import { describe, expect, it } from 'vitest'
import { detectBrowser, stepsKey } from '../../../../../pwa/src/features/device-check/browser.ts'

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const android = 'Mozilla/5.0 (Linux; Android 14; Pixel 8)'
const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'

const cases = [
  [`${windows} ${blink} Safari/537.36`, 0, 'chrome', 'windows', 'chrome'],
  [`${windows} ${blink} Safari/537.36 Edg/140.0.0.0`, 0, 'edge', 'windows', 'edge'],
  [`Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`, 0, 'firefox', 'linux', 'firefox'],
  [`${mac} ${webkit} Version/18.4 Safari/605.1.15`, 0, 'safari', 'mac', 'safari'],
  [`${mac} ${webkit} Version/18.4 Safari/605.1.15`, 5, 'safari', 'ios', 'ios'],
  [`${iphone} Version/18.4 Mobile/15E148 Safari/604.1`, 5, 'safari', 'ios', 'ios'],
  [`${iphone} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`, 5, 'chrome', 'ios', 'ios'],
  [`${iphone} FxiOS/140.0 Mobile/15E148 Safari/605.1.15`, 5, 'firefox', 'ios', 'ios'],
  [`${android} ${blink} Mobile Safari/537.36`, 5, 'chrome', 'android', 'android'],
  [`${android} ${blink} Mobile Safari/537.36 EdgA/140.0.0.0`, 5, 'edge', 'android', 'android'],
  ['Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 5, 'firefox', 'android', 'android'],
  ['Something else entirely', 0, 'other', 'other', 'chrome'],
] as const

describe('the browser, for its steps', () => {
  it.each(cases)('tells %s with %i touch points', (userAgent, maxTouchPoints, name, system, key) => {
    const browser = detectBrowser({ userAgent, maxTouchPoints })
    expect(browser).toEqual({ name, system, inApp: false })
    expect(stepsKey(browser)).toBe(key)
  })

  it.each([
    `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]`,
    `${iphone} Mobile/15E148`,
    'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36',
    `${iphone} Mobile/15E148 Instagram 300.0 Safari/604.1`,
  ])('tells a browser inside another app: %s', (userAgent) => {
    expect(detectBrowser({ userAgent, maxTouchPoints: 5 }).inApp).toBe(true)
  })
})
