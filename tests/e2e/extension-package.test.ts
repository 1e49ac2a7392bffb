import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { manifestOf, targets } from '../../extension/src/manifest.ts'
import { builtExtension, extensionVersion } from '../support/extension/installed.ts'
import { root } from '../support/source-graph.ts'

/** What people install, as `npm run build:extension` left it. */
const manifests = targets.map((target) => ({
  target,
  manifest: JSON.parse(readFileSync(join(builtExtension(target), 'manifest.json'), 'utf8')) as Record<string, unknown>,
}))

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

describe('the shipped extension', () => {
  it.each(manifests)('for $target has the manifest of the sources, the version and a zip of the same files', ({ target, manifest }) => {
    expect(manifest).toEqual(JSON.parse(JSON.stringify(manifestOf(target, 'shipped', extensionVersion))))
    const zip = unzipSync(new Uint8Array(readFileSync(join(root, `dist/extension/alcove-${target}-${extensionVersion}.zip`))))
    expect(Object.keys(zip).sort()).toEqual(filesIn(builtExtension(target)).sort())
    expect(JSON.parse(strFromU8(zip['manifest.json'] ?? new Uint8Array()))).toEqual(manifest)
  })

  it.each(manifests)('for $target may do nothing at first that a person would be warned of', ({ target, manifest }) => {
    expect(manifest.manifest_version).toBe(3)
    expect(manifest.host_permissions).toBeUndefined()
    expect(manifest.content_scripts).toBeUndefined()
    expect(manifest.externally_connectable).toBeUndefined()
    expect(manifest.web_accessible_resources).toBeUndefined()
    expect(manifest.permissions).toEqual(
      target === 'chromium' ? ['alarms', 'offscreen', 'scripting', 'storage'] : ['alarms', 'scripting', 'storage'],
    )
    expect(manifest.optional_permissions).toEqual(
      { chromium: ['contentSettings', 'notifications'], firefox: ['notifications'], safari: undefined }[target],
    )
    expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'])
  })

  it.each(manifests)('for $target runs its own files alone, without eval, and names no file that is not there', ({ target, manifest }) => {
    const { extension_pages: policy } = manifest.content_security_policy as { extension_pages: string }
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|https?:\/\/\*|data:|blob:/)
    const files = filesIn(builtExtension(target))
    const named = JSON.stringify(manifest).match(/[\w/-]+\.(?:js|html|png)/g) ?? []
    expect(named.length).toBeGreaterThan(4)
    expect(named.filter((name) => !files.includes(name))).toEqual([])
    expect(files.includes('offscreen.html')).toBe(target === 'chromium')
    for (const page of files.filter((path) => path.endsWith('.html'))) {
      const html = readFileSync(join(builtExtension(target), page), 'utf8')
      expect(html, page).not.toMatch(/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|https?:\/\//)
    }
    for (const script of files.filter((path) => path.endsWith('.js'))) {
      expect(readFileSync(join(builtExtension(target), script), 'utf8'), script).not.toMatch(/\beval\(|new Function\(|importScripts\(/)
    }
    for (const script of ['background.js', 'content.js']) {
      expect(readFileSync(join(builtExtension(target), script), 'utf8')).not.toMatch(/^\s*import[\s{]|[^.\w]import\(/m)
    }
  })

  it('for Safari is what Apple converts: a worker, no interface that Safari has not', () => {
    const safari = manifestOf('safari', 'shipped', extensionVersion)
    expect(safari.background).toEqual({ service_worker: 'background.js' })
    expect(safari.browser_specific_settings).toEqual({ safari: { strict_min_version: '16.4' } })
    const text = JSON.stringify(safari)
    for (const missing of ['offscreen', 'contentSettings', 'notifications', 'sidePanel', 'gecko', 'minimum_chrome_version']) {
      expect(text).not.toContain(missing)
    }
  })

  it('for Firefox passes the linter of addons.mozilla.org (`web-ext lint`), with one warning that a dependency causes', async () => {
    const linter = join(root, 'node_modules/addons-linter/bin/addons-linter')
    const { stdout } = await promisify(execFile)(process.execPath, [linter, '--output', 'json', builtExtension('firefox')])
    const { errors, notices, warnings } = JSON.parse(stdout) as Record<string, { code: string; file: string }[]>
    expect({ errors, notices }).toEqual({ errors: [], notices: [] })
    // solid-js makes its elements from templates by innerHTML; what is in them is constant text of the build, never data.
    expect(warnings?.map(({ code }) => code)).toEqual(['UNSAFE_VAR_ASSIGNMENT'])
    const cause = readFileSync(join(builtExtension('firefox'), warnings?.[0]?.file ?? ''), 'utf8')
    expect(cause).toMatch(/createElement\(`template`\)/)
    for (const ours of ['background.js', 'content.js']) expect(warnings?.[0]?.file).not.toBe(ours)
  })
})
