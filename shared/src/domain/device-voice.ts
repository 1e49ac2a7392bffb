/**
 * What the levels of a microphone say of its owner: heard, silent, or speaking while muted. Judged one level at a time,
 * for the check and for a running call; time comes with each.
 */

export type VoiceVerdict =
  /** Open, and nothing was said yet. */
  | 'nothing-yet'
  | 'heard'
  /** Open, and there is nothing at all: switched off on the device, or the wrong one. */
  | 'silent'
  | 'muted'
  /** Muted, and the owner talks. */
  | 'speaking-muted'

export type VoiceState = {
  readonly verdict: VoiceVerdict
  /** How long a voice has been there, less what is forgotten between words. Milliseconds. */
  readonly loudMs: number
  /** Since when there is nothing; null while there is something. Epoch ms. */
  readonly nothingSince: number | null
  /** When a voice was there last. Epoch ms; null before. */
  readonly voiceAt: number | null
  /** Of the last level. Epoch ms; null before the first. */
  readonly at: number | null
}

export type VoiceLevel = {
  /** 0..1. Exactly 0 means that every sample was zero. */
  readonly level: number
  readonly isMuted: boolean
  readonly at: number
}

export const voiceLimits = {
  /** A voice is at least this loud; so far from a quiet room that breathing is none. */
  voice: 0.3,
  /** A voice, not a click: so long in all. */
  heardMs: 250,
  /** Muted, a laugh or a cough is none of our business; a sentence is. */
  speakingMs: 700,
  /** So long after the last word the owner is done talking. */
  pauseMs: 3000,
  /** What counts as nothing before a voice was heard: the noise suppression's floor. Later only true zeros count. */
  nothing: 0.02,
  silentMs: 8000,
  /** Who was heard may listen for a while; some systems send zeros between the words. */
  silentOnceHeardMs: 30_000,
  /** A long speech is not remembered longer than a short one. */
  longestVoiceMs: 1000,
  /** Levels come every 50 ms; a page in the background gets fewer, and a gap proves nothing. */
  longestStepMs: 250,
} as const

export const noVoice: VoiceState = { verdict: 'nothing-yet', loudMs: 0, nothingSince: null, voiceAt: null, at: null }

/**
 * Never an alarm about mere quiet (C13): every real microphone hisses, so zeros mean that it is switched off somewhere.
 * Who was heard once stays heard until then.
 */
export function hearLevel(state: VoiceState, { level, isMuted, at }: VoiceLevel): VoiceState {
  const wasMuted = state.verdict === 'muted' || state.verdict === 'speaking-muted'
  // Muting and unmuting begin anew.
  const before = wasMuted === isMuted ? state : { ...noVoice, verdict: isMuted ? ('muted' as const) : ('nothing-yet' as const) }
  const stepMs = before.at === null ? 0 : Math.min(Math.max(0, at - before.at), voiceLimits.longestStepMs)
  const isVoice = level >= voiceLimits.voice
  // Forgotten slowly while it is asked whether there is a voice at all: words have gaps. Quickly when it is about talk.
  const forgottenMs = stepMs / (isMuted ? 4 : 40)
  const loudMs = isVoice ? Math.min(before.loudMs + stepMs, voiceLimits.longestVoiceMs) : Math.max(0, before.loudMs - forgottenMs)
  const isNothing = before.verdict === 'heard' ? level === 0 : level < voiceLimits.nothing
  const nothingSince = isNothing ? (before.nothingSince ?? at) : null
  const voiceAt = isVoice ? at : before.voiceAt
  const next = { loudMs, nothingSince, voiceAt, at }
  const verdict = isMuted ? mutedVerdict(before.verdict, next) : openVerdict(before.verdict, next)
  return { ...next, verdict, loudMs: verdict === 'silent' ? 0 : loudMs }
}

type Measured = { readonly loudMs: number; readonly nothingSince: number | null; readonly voiceAt: number | null; readonly at: number }

function openVerdict(before: VoiceVerdict, { loudMs, nothingSince, at }: Measured): VoiceVerdict {
  const silentMs = before === 'heard' ? voiceLimits.silentOnceHeardMs : voiceLimits.silentMs
  if (nothingSince !== null && at - nothingSince >= silentMs) return 'silent'
  if (loudMs >= voiceLimits.heardMs) return 'heard'
  // It hisses again: whatever had switched it off is over.
  return before === 'silent' && nothingSince === null ? 'nothing-yet' : before
}

function mutedVerdict(before: VoiceVerdict, { loudMs, voiceAt, at }: Measured): VoiceVerdict {
  if (loudMs >= voiceLimits.speakingMs) return 'speaking-muted'
  const isTalking = before === 'speaking-muted' && voiceAt !== null && at - voiceAt < voiceLimits.pauseMs
  return isTalking ? 'speaking-muted' : 'muted'
}
