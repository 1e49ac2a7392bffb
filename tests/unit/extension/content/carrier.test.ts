import { sayToContent } from '@alcove/shared/protocol/extension-inside'
import { extensionSays, pageSays } from '@alcove/shared/protocol/extension-messages'
import { describe, expect, it } from 'vitest'
import { createCarrier } from '../../../../extension/src/content/carrier.ts'

const origin = 'https://clinic.example'
const waiting = pageSays({ type: 'waiting', people: 1, ring: 'here' })
const quiet = { type: 'quiet', isQuiet: true } as const
const welcome = { type: 'welcome', canRing: true, notifies: true } as const

type Listener = (data: unknown, sender: object) => unknown

function stage({ isFrame = false, answer = undefined as unknown } = {}) {
  const target = new EventTarget()
  const posted: { readonly text: string; readonly to: string }[] = []
  const sent: string[] = []
  const listeners = new Set<Listener>()
  const window = Object.assign(target, {
    location: { origin },
    postMessage: (text: string, to: string) => void posted.push({ text, to }),
  }) as unknown as Window
  Object.assign(window, { top: isFrame ? {} : window })
  const runtime = {
    id: 'own' as string | undefined,
    async sendMessage(text: string) {
      sent.push(text)
      if (runtime.id === undefined) throw new Error('Extension context invalidated')
      return answer
    },
    onMessage: { addListener: (one: Listener) => listeners.add(one), removeListener: (one: Listener) => listeners.delete(one) },
  }
  const leave = createCarrier({ window, runtime } as unknown as Parameters<typeof createCarrier>[0])
  const hears = (data: unknown, from: object = window, at = origin) =>
    target.dispatchEvent(Object.assign(new Event('message'), { data, source: from, origin: at }))
  const told = (data: unknown, sender: object = { id: 'own' }) => {
    for (const one of listeners) one(data, sender)
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve))
  return { window, posted, sent, runtime, leave, hears, told, settle }
}

describe('the content script', () => {
  it('says hello at once, carries what the page says, and posts the answer to its own origin alone', async () => {
    const { hears, sent, posted, settle } = stage({ answer: sayToContent({ type: 'page', message: welcome }) })
    hears(waiting)
    await settle()
    expect(sent.map((text) => JSON.parse(text.replace(/^\S+ /, '')))).toEqual([
      { type: 'page', message: { type: 'hello' } },
      { type: 'page', message: { type: 'waiting', people: 1, ring: 'here' } },
    ])
    const text = extensionSays(welcome)
    expect(posted).toEqual([
      { text, to: origin },
      { text, to: origin },
    ])
  })

  it('does nothing in a frame', () => {
    const { hears, sent } = stage({ isFrame: true })
    hears(waiting)
    expect(sent).toEqual([])
  })

  it.each([
    ['another window', waiting, {}, origin],
    ['another origin', waiting, null, 'https://evil.example'],
    ['its own voice', extensionSays(quiet), null, origin],
    ['what no page says', waiting.replace('waiting', 'keys'), null, origin],
    ['an object', { type: 'hello' }, null, origin],
  ])('carries nothing of %s', (_what, data, from, at) => {
    const { hears, sent, window } = stage()
    hears(data, from ?? window, at)
    expect(sent).toHaveLength(1)
  })

  it('passes on what the background says, and nothing of anybody else', () => {
    const { told, posted } = stage()
    told(sayToContent({ type: 'page', message: quiet }), { id: 'another' })
    told(sayToContent({ type: 'page', message: quiet }), { id: 'own', tab: { id: 1 } })
    told('alcove/to-content/1 {"type":"page","message":{"type":"evil"}}')
    expect(posted).toEqual([])
    told(sayToContent({ type: 'page', message: quiet }))
    expect(posted).toEqual([{ text: extensionSays(quiet), to: origin }])
  })

  it('falls silent when the site was taken off the list, or the extension is gone', async () => {
    const removed = stage()
    removed.told(sayToContent({ type: 'leave' }))
    removed.hears(waiting)
    expect(removed.sent).toHaveLength(1)
    const orphan = stage()
    orphan.runtime.id = undefined
    orphan.hears(waiting)
    await orphan.settle()
    orphan.hears(waiting)
    expect(orphan.sent).toHaveLength(2)
  })
})
