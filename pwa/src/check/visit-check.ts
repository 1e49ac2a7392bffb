import { createServerProbe } from '../adapters/network/server-probe.ts'
import type { Browser } from '../features/device-check/browser.ts'
import { type CheckEngine, type CheckEngineDeps, createCheckEngine } from '../features/device-check/check-engine.ts'
import { surroundings } from './surroundings.ts'

type VisitCheckDeps = Pick<CheckEngineDeps, 'media' | 'sound' | 'clock' | 'page'> & { readonly browser: Browser }

/** On the patient's page: nobody notifies a patient, and a relay is lent once the clinician has accepted. */
export function beginVisitCheck(deps: VisitCheckDeps): CheckEngine {
  return createCheckEngine({
    ...deps,
    address: () => location.href,
    surroundings: surroundings(),
    server: createServerProbe(),
    notifications: null,
    relay: null,
  })
}
