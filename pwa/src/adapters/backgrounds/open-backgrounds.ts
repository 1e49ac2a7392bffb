/// <reference path="./assets.d.ts" />
import type { Backgrounds } from '../../background-ports.ts'
import { assetFiles } from './asset-files.ts?served'
import { createBackgrounds } from './processor.ts'

/** Loads nothing by itself: worker, model and runtime come with the first background that is chosen. */
export function openBackgrounds(): Backgrounds {
  const createWorker = () => new Worker(new URL('./worker/frame-worker.ts', import.meta.url), { type: 'module', name: 'backgrounds' })
  return createBackgrounds({ files: assetFiles, createWorker })
}
