/**
 * Where one's own preview stands. A position is a share of the way it can travel (0..1 both ways), so that it keeps its
 * place when the window changes and never leaves the stage, whatever the sizes are. The toolbar is beside the stage,
 * so a preview inside the stage never covers it.
 */
export type PreviewPosition = { readonly across: number; readonly down: number }

export type Size = { readonly width: number; readonly height: number }
export type Point = { readonly left: number; readonly top: number }

export type PreviewKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** Bottom right: away from the other person's eyes and from the panel. */
export const defaultPosition: PreviewPosition = { across: 1, down: 1 }

/** Distance in CSS px that the preview keeps from the edges of the stage. */
export const edgePx = 12
export const stepPx = 24
export const bigStepPx = 96

/** Top left corner in px for a preview of this size inside this stage. */
export function toPoint(position: PreviewPosition, stage: Size, preview: Size): Point {
  const travel = travelOf(stage, preview)
  return {
    left: Math.round(edgePx + share(position.across) * travel.width),
    top: Math.round(edgePx + share(position.down) * travel.height),
  }
}

/** The position of a top left corner in px, pulled back inside the stage. */
export function fromPoint(point: Point, stage: Size, preview: Size): PreviewPosition {
  const travel = travelOf(stage, preview)
  return {
    across: travel.width === 0 ? 1 : share((point.left - edgePx) / travel.width),
    down: travel.height === 0 ? 1 : share((point.top - edgePx) / travel.height),
  }
}

/** S28: one press of an arrow key; with Shift a bigger step. */
export function pressed(position: PreviewPosition, key: PreviewKey, big: boolean, stage: Size, preview: Size): PreviewPosition {
  const step = big ? bigStepPx : stepPx
  const { left, top } = toPoint(position, stage, preview)
  const moved: Record<PreviewKey, Point> = {
    ArrowLeft: { left: left - step, top },
    ArrowRight: { left: left + step, top },
    ArrowUp: { left, top: top - step },
    ArrowDown: { left, top: top + step },
  }
  return fromPoint(moved[key], stage, preview)
}

export function isPreviewKey(key: string): key is PreviewKey {
  return key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown'
}

export type PreviewPlace = `${'top' | 'middle' | 'bottom'}-${'left' | 'middle' | 'right'}`

/** The ninth of the stage that a position lies in, for the ears. */
export function placeOf({ across, down }: PreviewPosition): PreviewPlace {
  const row = down < 1 / 3 ? 'top' : down > 2 / 3 ? 'bottom' : 'middle'
  const column = across < 1 / 3 ? 'left' : across > 2 / 3 ? 'right' : 'middle'
  return `${row}-${column}`
}

/** For Preferences: `0.25,1`. */
export function formatPosition({ across, down }: PreviewPosition): string {
  return `${round(across)},${round(down)}`
}

/** Anything unreadable is the default: a remembered place is a convenience. */
export function parsePosition(text: string | null): PreviewPosition {
  const [across, down, ...rest] = (text ?? '').split(',').map(Number)
  if (across === undefined || down === undefined || rest.length > 0) return defaultPosition
  if (!Number.isFinite(across) || !Number.isFinite(down)) return defaultPosition
  return { across: share(across), down: share(down) }
}

function travelOf(stage: Size, preview: Size): Size {
  return {
    width: Math.max(0, stage.width - preview.width - 2 * edgePx),
    height: Math.max(0, stage.height - preview.height - 2 * edgePx),
  }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
