import './faults.ts'
import '../../../../pwa/src/adapters/backgrounds/worker/frame-worker.ts'
