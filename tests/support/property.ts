import fc from 'fast-check'

/**
 * The one door to fast-check. `npm test` draws the same cases every time, so that a change is judged by what it changes;
 * the long suite draws new ones, and prints the seed of what it finds.
 */
if (process.env.ALCOVE_LONG !== '1') fc.configureGlobal({ seed: 20_261_123 })

export { fc }
