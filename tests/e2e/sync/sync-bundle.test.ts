import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../support/source-graph.ts'

/** Only y-webrtc names this host, in a default that is never used. */
const mark = 'y-webrtc-eu.fly.dev'
const pages = join(root, 'dist/pwa')
const scripts = readdirSync(pages, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.js'))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(pages, path), 'utf8') }))
const html = (name: string) => readFileSync(join(pages, name), 'utf8')
const inApp = scripts.filter(({ path }) => path.startsWith('assets/app/'))
const carrier = inApp.filter(({ text }) => text.includes(mark))

describe('y-webrtc in the built pages', () => {
  it('is one chunk of the app, fetched only when it is needed, and kept for when the network is gone', () => {
    expect(carrier).toHaveLength(1)
    const name = carrier[0]?.path.split('/').at(-1) ?? ''
    expect(html('index.html')).not.toContain(name)
    const importers = inApp.filter(({ text, path }) => path !== carrier[0]?.path && text.includes(name))
    expect(importers.length).toBeGreaterThan(0)
    for (const { text } of importers) expect(text).not.toMatch(new RegExp(`(?:from|import)\\s*["'][^"']*${name.replaceAll('.', '\\.')}`))
    const worker = scripts.find(({ path }) => path === 'service-worker.js')
    expect(worker?.text).toContain(name)
  })

  it('is nowhere in the patient’s page', () => {
    const ofPatient = scripts.filter(({ path }) => path.startsWith('assets/join/'))
    expect(ofPatient.length).toBeGreaterThan(0)
    expect(
      ofPatient.filter(({ text }) => text.includes(mark) || text.includes('simple-peer') || text.includes('stun:')).map(({ path }) => path),
    ).toEqual([])
    expect(html('join.html')).not.toContain('assets/app/')
  })
})
