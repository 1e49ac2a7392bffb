import type { ProjectImage } from '@alcove/shared/domain/background'
import type { BackgroundProblem, BackgroundSupport, OwnBackgroundProblem } from '../background-ports.ts'

/** What stands behind the clinician: in Welcome! and in the session's Settings. */
export type BackgroundFailure = BackgroundProblem | 'image-missing'
/** What happened, and what it means and what to do. */
export type BackgroundTroubleWords = { readonly title: string; readonly text: string }

const images: Readonly<Record<ProjectImage, string>> = {
  'quiet-office': 'Quiet office',
  bookshelf: 'Bookshelf',
  'morning-window': 'Morning window',
  'warm-wall': 'Warm wall',
  forest: 'Forest',
  dusk: 'Dusk',
}

const failed: Readonly<Record<BackgroundFailure, BackgroundTroubleWords>> = {
  'not-fetched': {
    title: 'The background could not be loaded',
    text: 'The other person sees a black picture. Check your connection, then try again.',
  },
  'not-started': {
    title: 'Backgrounds do not start on this computer',
    text: 'The other person sees a black picture. Try again, or go on with no background.',
  },
  'image-missing': {
    title: 'This image is not to be had',
    text: 'The other person sees a black picture. Try again, or choose another background.',
  },
  cancelled: {
    title: 'The background was stopped before it was ready',
    text: 'The other person sees a black picture. Try again, or go on with no background.',
  },
}

const unsupported: Readonly<Record<Exclude<BackgroundSupport, 'available'>, BackgroundTroubleWords>> = {
  'no-webgl2': {
    title: 'This browser cannot change your background',
    text: 'It lacks WebGL 2. Update the browser, or turn on “graphics acceleration” in its settings and restart it.',
  },
  'no-frames': {
    title: 'This browser cannot change your background',
    text: 'It gives no access to the camera’s picture. Use a current Chrome, Edge, Firefox or Safari.',
  },
}

const problems: Readonly<Record<OwnBackgroundProblem, string>> = {
  'not-an-image': 'This file cannot be used. Choose a JPEG, PNG or WebP image.',
  'too-large': 'This image is too large. Choose one of at most 20 MB and 50 megapixels.',
  'too-many': 'You have 20 images of your own. Remove one to add another.',
  'not-kept': 'The image could not be kept: this device’s storage is full, or refuses.',
}

export const words = {
  title: 'Background',
  hint: 'Your picture is changed on this device, before it is sent.',
  none: 'None',
  light: 'Light',
  blur: 'Blur',
  images,
  own: (number: number) => `Your image ${number}`,
  removeOwn: (number: number) => `Remove your image ${number}`,
  add: 'Add image',
  adding: 'Adding the image…',
  addHint: 'Your images are kept encrypted, on this device only.',
  added: (number: number) => `Your image ${number} was added and chosen.`,
  removed: (number: number) => `Your image ${number} was removed.`,
  removedChosen: (number: number) => `Your image ${number} was removed. Your background is Blur now.`,
  notRemoved: 'The image could not be removed. Try again.',
  addProblem: problems,
  loading: 'Loading the background',
  /** "4.2 of 13.1 MB" */
  loaded: (done: string, all: string) => `${done} of ${all} MB`,
  starting: 'Starting the background…',
  blackUntilReady: 'The other person sees a black picture until it is ready.',
  /** Before what the browser lacks, when one is chosen. */
  black: 'The other person sees a black picture.',
  cancel: 'Cancel',
  on: (name: string) => `Your background is ${name}.`,
  off: 'You have no background.',
  interrupted: {
    title: 'The background was interrupted',
    text: 'The other person sees a still or black picture until it is back. Your room is not shown.',
  },
  slow: {
    title: 'This computer cannot keep up with the background',
    text: 'The other person sees your picture stutter. Close other programs, plug in the power cable, or choose:',
  },
  failed,
  unsupported,
  systemBlurs: 'Your system blurs your background already, so Blur does not do it a second time.',
  endsWithSession: 'Your practice no longer has Premium. This background stays until the session ends.',
  retry: 'Try again',
  noBackground: 'No background',
  cameraOff: 'Turn camera off',
}

export type BackgroundsWords = typeof words
