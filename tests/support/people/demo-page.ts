import { afterEach, expect } from 'vitest'
import { demoPages, type ShowDemo } from '../demo-pages.ts'

/** Serves the app with puppets for store and sync to one test file; every call shows it as in a browser profile of its own. */
export function peopleDemo(): ShowDemo {
  const faults: string[] = []
  afterEach(() => {
    expect(faults.splice(0)).toEqual([])
  })
  return demoPages({
    name: 'people-demo',
    prepare(page) {
      page.setDefaultTimeout(15_000)
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) faults.push(message.text())
      })
    },
    async open(page, url) {
      await page.goto(url)
      await page.getByRole('heading').first().waitFor()
    },
  })
}
