import { hearLevel, noVoice, type VoiceState, voiceLimits } from '@alcove/shared/domain/device-voice'
import { describe, expect, it } from 'vitest'

/** Levels every 50 ms: [level, for how long]. */
function hear(pieces: readonly (readonly [level: number, forMs: number])[], isMuted = false, from: VoiceState = noVoice): VoiceState {
  let state = from
  let at = (from.at ?? 0) + 50
  for (const [level, forMs] of pieces) {
    for (const end = at + forMs; at < end; at += 50) state = hearLevel(state, { level, isMuted, at })
  }
  return state
}
const verdict = (...pieces: readonly (readonly [number, number])[]) => hear(pieces).verdict

describe('judging a microphone by its levels', () => {
  it('hears a voice after a moment, not a single click', () => {
    expect(verdict([0.05, 50], [0.9, 50], [0.05, 100])).toBe('nothing-yet')
    expect(verdict([0.5, 400])).toBe('heard')
  })

  it('hears words with gaps between them', () => {
    expect(verdict([0.5, 150], [0.05, 100], [0.5, 150], [0.05, 100], [0.5, 150])).toBe('heard')
  })

  it('raises no alarm about a quiet room, however long', () => {
    expect(verdict([0.05, 60_000])).toBe('nothing-yet')
  })

  it('notices a microphone that gives nothing, and takes it back with the first hiss or voice', () => {
    const silent = hear([[0, voiceLimits.silentMs + 100]])
    expect(silent.verdict).toBe('silent')
    expect(hear([[0.1, 50]], false, silent).verdict).toBe('nothing-yet')
    expect(hear([[0.5, 400]], false, silent).verdict).toBe('heard')
  })

  it('keeps who was heard while the room is quiet; only true silence takes it back, and late', () => {
    const heard = hear([[0.5, 60_000]])
    expect(hear([[0.01, 120_000]], false, heard).verdict).toBe('heard')
    expect(hear([[0, voiceLimits.silentOnceHeardMs - 200]], false, heard).verdict).toBe('heard')
    expect(hear([[0, voiceLimits.silentOnceHeardMs + 200]], false, heard).verdict).toBe('silent')
  })

  it('notices speech while muted, not a cough, and lets go after a pause', () => {
    expect(hear([[0.7, 300]], true).verdict).toBe('muted')
    const talking = hear([[0.7, 1500]], true)
    expect(talking.verdict).toBe('speaking-muted')
    expect(hear([[0.02, 1000]], true, talking).verdict).toBe('speaking-muted')
    expect(hear([[0.02, voiceLimits.pauseMs + 200]], true, talking).verdict).toBe('muted')
  })

  it('begins anew when muted and when unmuted', () => {
    const heard = hear([[0.5, 1000]])
    expect(hear([[0.5, 50]], true, heard).verdict).toBe('muted')
    const talking = hear([[0.7, 1500]], true)
    expect(hear([[0.05, 50]], false, talking).verdict).toBe('nothing-yet')
  })

  it('counts a gap between two levels of a hidden page as a moment only', () => {
    let state = hearLevel(noVoice, { level: 0.9, isMuted: false, at: 0 })
    state = hearLevel(state, { level: 0.05, isMuted: false, at: 60_000 })
    expect(state.verdict).toBe('nothing-yet')
  })
})
