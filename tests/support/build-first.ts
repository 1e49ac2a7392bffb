import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { root } from './source-graph.ts'

/**
 * Before tests that use the built server and pages: builds what is stale, so that no test shows the code of yesterday. `npm test`
 * has done it already, and says so.
 */
export async function setup(): Promise<void> {
  if (process.env.ALCOVE_BUILT === '1') return
  for (const script of ['build', 'build-extension']) await promisify(execFile)(process.execPath, [`scripts/${script}.mjs`], { cwd: root })
}
