import type { Page } from 'playwright-core'

/** From the card on Scheduling to twelve words, which a person copies from the page. */
export async function makeKit(page: Page): Promise<readonly string[]> {
  await page.getByRole('link', { name: 'Scheduling' }).click()
  await page.getByRole('link', { name: 'Make a recovery kit' }).click()
  await page.getByRole('button', { name: 'Make the kit' }).click()
  return wordsOn(page)
}

export async function wordsOn(page: Page, name = 'Recovery kit'): Promise<readonly string[]> {
  const sheet = page.getByRole('article', { name })
  await sheet.waitFor()
  const words = await sheet.locator('ol').first().locator('li').allTextContents()
  return words.map((word) => word.trim())
}

/** Word by word, as from paper. */
export async function typeWords(page: Page, words: readonly string[]): Promise<void> {
  for (const [i, word] of words.entries()) await page.getByLabel(`Word ${i + 1}`, { exact: true }).fill(word)
}

/** The kit on the screen is on paper now, and its words are typed to see that they work. Gives what would come back. */
export async function testKit(page: Page, words: readonly string[]): Promise<readonly string[]> {
  await page.getByRole('button', { name: 'I have it on paper' }).click()
  await typeWords(page, words)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('heading', { name: 'The kit works' }).waitFor({ timeout: 40_000 })
  const lines = await page.getByRole('region', { name: 'The kit works' }).getByRole('listitem').allTextContents()
  await page.getByRole('button', { name: 'Done' }).click()
  return lines.map((line) => line.trim())
}

export async function restore(page: Page, origin: string, words: readonly string[]): Promise<void> {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Restore a practice' }).click()
  await typeWords(page, words)
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
}
