import { contentSays, decodeScreenAnswer, screenSays, type ScreenToBackground } from '@alcove/shared/protocol/extension-inside'
import type { PageToExtension } from '@alcove/shared/protocol/extension-messages'
import { expect, it } from 'vitest'
import { createBackground } from '../../../../extension/src/background/background.ts'
import { beginLife, extensionId, extensionUrl, fakeWorld, untilIdle } from '../../../support/extension/fake-world.ts'

it('the report for support has findings and settings, and neither addresses nor names of devices nor appointments', async () => {
  const world = fakeWorld()
  world.access.add('https://clinic.example:443/*')
  const life = beginLife(world)
  createBackground(life.context)
  const press = async (message: ScreenToBackground) => {
    const answer = decodeScreenAnswer(await life.send(screenSays(message), { id: extensionId, url: `${extensionUrl}options.html` }))
    await untilIdle(world)
    return answer.ok ? answer.value : null
  }
  const page = { id: extensionId, url: 'https://clinic.example/', origin: 'https://clinic.example', frameId: 0, tab: { id: 1 } }
  await press({ type: 'add-site', origin: 'https://clinic.example' })
  const startsAt = world.now + 3_600_000
  const messages: PageToExtension[] = [
    { type: 'devices', camera: "Sam's webcam", microphone: "Sam's AirPods", speaker: null },
    { type: 'appointments', startsAt: [startsAt] },
    {
      type: 'check',
      report: { at: world.now, lines: [{ line: 'camera', finding: 'in-use', foundAt: world.now }], roundTripMs: 40 },
    },
  ]
  for (const message of messages) {
    await life.send(contentSays({ type: 'page', message }), page)
  }
  const answer = await press({ type: 'copy-report' })
  const text = answer?.type === 'support-report' ? answer.text : ''
  expect(text).toContain('camera: in-use (0 s ago)')
  expect(text).toContain('round trip ms: 40')
  expect(text).not.toMatch(/clinic|example\b(?!\/)|Sam|AirPods|webcam/)
  expect(text).not.toContain(String(startsAt))
})
