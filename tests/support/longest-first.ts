import type { TestSequencer, TestSpecification } from 'vitest/node'

/** The files that take long, the longest first: begun last, one of them would keep a single processor busy at the end. */
const long = [
  'integration/sync/simulation-more',
  'integration/sync/simulation',
  'integration/call/restart',
  'integration/recovery/recovery',
  'integration/log/broken-rules',
  'integration/signaling/invariants',
  'integration/signaling/log/invariants',
  'integration/call/devices-move',
  'hostile/store/killed-browser',
  'hostile/signaling/patience',
  'hostile/signaling/log-kill',
  'e2e/device-check',
  'e2e/backgrounds-firefox',
  'e2e/backgrounds',
  'e2e/lost-server',
  'e2e/log-server',
  'e2e/group',
  'e2e/devices',
  'e2e/practice',
  'e2e/patient-page',
  'e2e/session-screen',
  'e2e/devices-practice',
  'e2e/people',
  'e2e/harness',
  'e2e/session-for-everybody',
  'e2e/devices-firefox',
  'e2e/log-alone',
  'e2e/session-box',
]

/** Long files first; the others of one project together, as they share their processes. */
export class LongestFirst implements TestSequencer {
  sort(files: TestSpecification[]): TestSpecification[] {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = long.findIndex((path) => moduleId.endsWith(`/tests/${path}.test.ts`))
      return at === -1 ? `1 ${project.name} ${moduleId}` : `0 ${String(at).padStart(3, '0')}`
    }
    return files.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    return files
  }
}
