/** What the statistics of a call say about the computer that it runs on. */
export type SendingLoad = { readonly encoderLimited: boolean; readonly soundSuffers: boolean }

/** Totals of one report (W3C webrtc-stats), in seconds where they are times; what a browser does not count stays 0. */
export type CallTotals = {
  /** Of camera pictures: lowered in quality because the processor is too slow. */
  readonly limitedByProcessor: number
  /** Sound that had to be made up for playing, or was lost in recording: not the network's doing. */
  readonly missingSound: number
}

/** Shares of the time between two reports from which on it counts. */
const limitedShare = 0.2
const missingShare = 0.01

export function totalsOf(report: Iterable<Record<string, unknown>>): CallTotals {
  let limitedByProcessor = 0
  let missingSound = 0
  const seconds = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
  for (const stats of report) {
    if (stats.type === 'outbound-rtp' && stats.kind === 'video') {
      const durations = stats.qualityLimitationDurations as Record<string, unknown> | undefined
      // Several peers: the worst of them counts.
      limitedByProcessor = Math.max(limitedByProcessor, seconds(durations?.cpu))
    } else if (stats.type === 'media-playout') missingSound += seconds(stats.synthesizedSamplesDuration)
    else if (stats.type === 'media-source' && stats.kind === 'audio') missingSound += seconds(stats.droppedSamplesDuration)
  }
  return { limitedByProcessor, missingSound }
}

export function loadBetween(before: CallTotals, after: CallTotals, lengthMs: number): SendingLoad {
  const share = (name: keyof CallTotals) => ((after[name] - before[name]) * 1000) / lengthMs
  return { encoderLimited: share('limitedByProcessor') > limitedShare, soundSuffers: share('missingSound') > missingShare }
}
