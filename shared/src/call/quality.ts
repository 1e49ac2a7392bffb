/** Above two people everybody's camera is sent this high at most: a mesh encodes it once per peer. */
export const groupVideoHeight = 360

/** The height in pixels to which one's camera is limited, or null for no limit. `people` counts oneself. */
export function videoHeightLimit(people: number): number | null {
  return people > 2 ? groupVideoHeight : null
}

/** W3C `scaleResolutionDownBy` for a limit; never below 1, which would enlarge. */
export function scaleDownBy(height: number | undefined, limit: number | null): number {
  if (limit === null || height === undefined || height <= limit) return 1
  return height / limit
}
