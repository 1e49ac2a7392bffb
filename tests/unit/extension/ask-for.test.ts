import { describe, expect, it } from 'vitest'
import { askFor, askForSite } from '../../../extension/src/ask-for.ts'
import type { ExtensionBrowser } from '../../../extension/src/browser.ts'

function asked(answer: () => Promise<boolean>, isChromium: boolean) {
  const requests: unknown[] = []
  const request = (wanted: unknown) => {
    requests.push(wanted)
    return answer()
  }
  const browser = { permissions: { request }, ...(isChromium ? { offscreen: {} } : {}) } as unknown as ExtensionBrowser
  return { browser, requests }
}

describe('the questions of the browser', () => {
  it('name one site and nothing else, with its port where patterns know ports', async () => {
    const chromium = asked(async () => true, true)
    expect(await askForSite(chromium.browser, 'https://clinic.example')).toBe(true)
    expect(await askForSite(chromium.browser, 'http://localhost:8080')).toBe(true)
    expect(chromium.requests).toEqual([{ origins: ['https://clinic.example:443/*'] }, { origins: ['http://localhost:8080/*'] }])
    const firefox = asked(async () => true, false)
    await askForSite(firefox.browser, 'http://localhost:8080')
    expect(firefox.requests).toEqual([{ origins: ['http://localhost/*'] }])
  })

  it('name one permission', async () => {
    const { browser, requests } = asked(async () => true, true)
    expect(await askFor(browser, 'contentSettings')).toBe(true)
    expect(requests).toEqual([{ permissions: ['contentSettings'] }])
  })

  it('are asked before anything is awaited, or the click no longer counts', () => {
    const { browser, requests } = asked(() => new Promise(() => undefined), true)
    void askFor(browser, 'notifications')
    expect(requests).toHaveLength(1)
  })

  it('may be answered with no, or not be asked at all', async () => {
    expect(await askFor(asked(async () => false, true).browser, 'contentSettings')).toBe(false)
    const refused = asked(async () => Promise.reject(new Error('This function must be called during a user gesture')), true)
    expect(await askFor(refused.browser, 'contentSettings')).toBe(false)
  })
})
