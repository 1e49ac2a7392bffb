import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './source-graph.ts'

/**
 * Before tests that use the built server and pages: builds what is stale, so that no test shows the code of yesterday. `npm test`
 * has done it already, and says so. The pages of tests/support/pages are built by the first test that shows one, for all.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env.ALCOVE_BUILT !== '1') {
    for (const script of ['build', 'build-extension']) await promisify(execFile)(process.execPath, [`scripts/${script}.mjs`], { cwd: root })
  }
  const pages = await mkdtemp(join(tmpdir(), 'alcove-pages-'))
  process.env.ALCOVE_PAGES ??= pages
  return () => rm(pages, { recursive: true, force: true })
}
