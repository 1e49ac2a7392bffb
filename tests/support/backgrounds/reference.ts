/**
 * The compositor's arithmetic, slow and obvious: loops over pixels in plain numbers, each stage as its definition says. What the
 * product computes with vectors, sums that run along, and fixed-point numbers is compared with this.
 */

export type Plane = { readonly width: number; readonly height: number; readonly at: (x: number, y: number) => number }
/** Y, U, V of 0 to 1 per cell. */
export type Cell = readonly [number, number, number]
export type Grid<T> = { readonly width: number; readonly height: number; readonly cells: readonly T[] }

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
const smoothstep = (t: number) => t * t * (3 - 2 * t)

export function cellAt<T>(grid: Grid<T>, x: number, y: number): T {
  return grid.cells[clamp(y, 0, grid.height - 1) * grid.width + clamp(x, 0, grid.width - 1)] as T
}

export function gridOf<T>(width: number, height: number, make: (x: number, y: number) => T): Grid<T> {
  return { width, height, cells: Array.from({ length: width * height }, (_, i) => make(i % width, Math.floor(i / width))) }
}

/** The mean of the pixels of each cell. */
export function shrinkPlane(plane: Plane, width: number, height: number): Grid<number> {
  return gridOf(width, height, (x, y) => {
    const [x0, y0] = [Math.floor((x * plane.width) / width), Math.floor((y * plane.height) / height)]
    const x1 = Math.max(Math.floor(((x + 1) * plane.width) / width), x0 + 1)
    const y1 = Math.max(Math.floor(((y + 1) * plane.height) / height), y0 + 1)
    let sum = 0
    for (let py = y0; py < y1; py++) for (let px = x0; px < x1; px++) sum += plane.at(px, py)
    return sum / ((x1 - x0) * (y1 - y0)) / 255
  })
}

export type Steady = { readonly guide: Grid<Cell>; readonly steady: Grid<number>; readonly mask: Grid<number> }

/** One more answer of the model, with what was before; null at the beginning. */
export function steadyMask(before: Steady | null, guide: Grid<Cell>, answer: Grid<number>): Steady {
  const changed = gridOf(guide.width, guide.height, (x, y) => {
    if (!before) return 1
    const [now, was] = [cellAt(guide, x, y), cellAt(before.guide, x, y)]
    return now.reduce((sum, value, i) => sum + Math.abs(value - (was[i] ?? 0)), 0)
  })
  const steady = gridOf(guide.width, guide.height, (x, y) => {
    const raw = cellAt(answer, x, y)
    if (!before) return raw
    const around = neighbours(x, y, 1).map(([nx, ny]) => cellAt(changed, nx, ny))
    const moves = clamp((Math.max(...around) - 0.012) / (0.05 - 0.012), 0, 1)
    const was = cellAt(before.steady, x, y)
    return was + (raw - was) * (0.18 + (1 - 0.18) * moves)
  })
  const mask = gridOf(guide.width, guide.height, (x, y) => {
    const was = before ? cellAt(before.mask, x, y) : 0.5
    const middle = 0.5 + 0.1 * (1 - 2 * was)
    return smoothstep(clamp((cellAt(steady, x, y) - middle) / 0.64 + 0.5, 0, 1))
  })
  return { guide, steady, mask: withoutIslands(mask) }
}

/** Pieces of the mask that are much smaller than the largest, and touch neither side nor the bottom, are none. */
function withoutIslands(mask: Grid<number>): Grid<number> {
  const seen = new Set<number>()
  const pieces: { readonly cells: number[]; readonly mass: number; readonly enters: boolean }[] = []
  const isPart = (x: number, y: number) => inside(mask, x, y) && cellAt(mask, x, y) > 0.25
  for (let start = 0; start < mask.cells.length; start++) {
    if (seen.has(start) || !isPart(start % mask.width, Math.floor(start / mask.width))) continue
    seen.add(start)
    const cells = [start]
    for (const cell of cells) {
      const [x, y] = [cell % mask.width, Math.floor(cell / mask.width)]
      for (const [nx, ny] of [
        [x - 1, y],
        [x + 1, y],
        [x, y - 1],
        [x, y + 1],
      ] as const) {
        const next = ny * mask.width + nx
        if (!isPart(nx, ny) || seen.has(next)) continue
        seen.add(next)
        cells.push(next)
      }
    }
    const enters = cells.some((cell) => cell % mask.width === 0 || (cell + 1) % mask.width === 0 || cell >= mask.width * (mask.height - 1))
    pieces.push({ cells, mass: cells.reduce((sum, cell) => sum + (mask.cells[cell] ?? 0), 0), enters })
  }
  const largest = Math.max(0, ...pieces.map((piece) => piece.mass))
  const dropped = new Set(pieces.filter((piece) => piece.mass < largest / 25 && !piece.enters).flatMap((piece) => piece.cells))
  return gridOf(mask.width, mask.height, (x, y) => (dropped.has(y * mask.width + x) ? 0 : cellAt(mask, x, y)))
}

function neighbours(x: number, y: number, radius: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = []
  for (let dy = -radius; dy <= radius; dy++) for (let dx = -radius; dx <= radius; dx++) found.push([x + dx, y + dy])
  return found
}

const inside = (grid: Grid<unknown>, x: number, y: number) => x >= 0 && y >= 0 && x < grid.width && y < grid.height

/** Share = a . (Y, U, V) + offset. */
export type EdgePlane = readonly [number, number, number, number]

/** In each window, the plane that fits the mask best (ridge regression on the colours), held to the mask by nearly half; then the mean. */
export function edgePlanes(guide: Grid<Cell>, mask: Grid<number>): Grid<EdgePlane> {
  const planes = gridOf<EdgePlane>(guide.width, guide.height, (x, y) => {
    const window = neighbours(x, y, 3).filter(([nx, ny]) => inside(guide, nx, ny))
    const mean = (value: (c: Cell, p: number) => number) =>
      window.reduce((sum, [nx, ny]) => sum + value(cellAt(guide, nx, ny), cellAt(mask, nx, ny)), 0) / window.length
    const share = mean((_, p) => p)
    if (share < 0.004) return [0, 0, 0, 0]
    if (share > 0.996) return [0, 0, 0, 1]
    const colour = [0, 1, 2].map((i) => mean((c) => c[i] ?? 0))
    const covariance = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => mean((c) => (c[i] ?? 0) * (c[j] ?? 0)) - (colour[i] ?? 0) * (colour[j] ?? 0) + (i === j ? 0.003 : 0)),
    )
    const withShare = [0, 1, 2].map((i) => mean((c, p) => (c[i] ?? 0) * p) - (colour[i] ?? 0) * share)
    const a = solve(covariance, withShare)
    const offset = share - a.reduce((sum, value, i) => sum + value * (colour[i] ?? 0), 0)
    return [0.55 * (a[0] ?? 0), 0.55 * (a[1] ?? 0), 0.55 * (a[2] ?? 0), 0.55 * offset + 0.45 * cellAt(mask, x, y)]
  })
  return gridOf<EdgePlane>(guide.width, guide.height, (x, y) => {
    const window = neighbours(x, y, 2).filter(([nx, ny]) => inside(guide, nx, ny))
    const mean = (i: number) => window.reduce((sum, [nx, ny]) => sum + (cellAt(planes, nx, ny)[i] ?? 0), 0) / window.length
    return [mean(0), mean(1), mean(2), mean(3)]
  })
}

/** Gaussian elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  const n = rows.length
  for (let i = 0; i < n; i++) {
    const pivot = rows[i] as number[]
    for (let j = i + 1; j < n; j++) {
      const row = rows[j] as number[]
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1)
      for (let k = i; k <= n; k++) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0)
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i] as number[]
    let sum = row[n] ?? 0
    for (let k = i + 1; k < n; k++) sum -= (row[k] ?? 0) * (x[k] ?? 0)
    x[i] = sum / (row[i] ?? 1)
  }
  return x
}

/** Y, U, V without the person, and how much of the surroundings is background. */
export type RoomCell = readonly [number, number, number, number]

export function blurredRoom(guide: Grid<Cell>, mask: Grid<number>, divisor: number, radius: number): Grid<RoomCell> {
  const [width, height] = [Math.ceil(guide.width / divisor), Math.ceil(guide.height / divisor)]
  let cells = gridOf<RoomCell>(width, height, (x, y) => {
    const sum: [number, number, number, number] = [0, 0, 0, 0]
    for (let gy = y * divisor; gy < Math.min((y + 1) * divisor, guide.height); gy++) {
      for (let gx = x * divisor; gx < Math.min((x + 1) * divisor, guide.width); gx++) {
        const person = Math.max(...neighbours(gx, gy, 1).map(([nx, ny]) => cellAt(mask, nx, ny)))
        const weight = Math.max(1 - person / 0.6, 0) + 0.0005
        const colour = cellAt(guide, gx, gy)
        for (const i of [0, 1, 2] as const) sum[i] += colour[i] * weight
        sum[3] += weight
      }
    }
    return sum
  })
  const box = (dx: number, dy: number) =>
    gridOf<RoomCell>(width, height, (x, y) => {
      const sum: [number, number, number, number] = [0, 0, 0, 0]
      for (let k = -radius; k <= radius; k++) {
        const cell = cellAt(cells, x + k * dx, y + k * dy)
        for (const i of [0, 1, 2, 3] as const) sum[i] += cell[i] / (2 * radius + 1)
      }
      return sum
    })
  for (let pass = 0; pass < 3; pass++) {
    cells = box(1, 0)
    cells = box(0, 1)
  }
  return gridOf(width, height, (x, y) => {
    const [a, b, c, weight] = cellAt(cells, x, y)
    return [a / weight, b / weight, c / weight, Math.min(weight / divisor ** 2, 1)]
  })
}

/** Between the four cells around a pixel of a picture of `width` x `height`. */
export function interpolate(grid: Grid<readonly number[]>, x: number, y: number, width: number, height: number): number[] {
  const sx = clamp(((x + 0.5) * grid.width) / width - 0.5, 0, grid.width - 1)
  const sy = clamp(((y + 0.5) * grid.height) / height - 0.5, 0, grid.height - 1)
  const [x0, y0] = [Math.floor(sx), Math.floor(sy)]
  const [fx, fy] = [sx - x0, sy - y0]
  const [a, b] = [cellAt(grid, x0, y0), cellAt(grid, x0 + 1, y0)]
  const [c, d] = [cellAt(grid, x0, y0 + 1), cellAt(grid, x0 + 1, y0 + 1)]
  return a.map((value, i) => {
    const above = value + ((b[i] ?? 0) - value) * fx
    const below = (c[i] ?? 0) + ((d[i] ?? 0) - (c[i] ?? 0)) * fx
    return above + (below - above) * fy
  })
}

/** How much of a pixel is person, 0 to 1. `y`, `u`, `v`: the pixel's own, 0 to 255. */
export function shareAt(plane: readonly number[], y: number, u: number, v: number): number {
  const raw = (plane[3] ?? 0) + ((plane[0] ?? 0) * y + (plane[1] ?? 0) * u + (plane[2] ?? 0) * v) / 255
  return smoothstep(clamp((raw - 0.25) / (0.8 - 0.25), 0, 1))
}

/** A value of 0 to 255 of the person before the blurred room. */
export function beforeRoom(own: number, room: number, share: number): number {
  return room + (own - room) * share
}

/** The same before an image, whose soft light falls on the person where there is much background around. */
export function beforeImage(own: number, room: number, image: number, soft: number, share: number, around: number): number {
  const cleaned = clamp(own + (own - room) * (1 - share), 0, 255)
  const wrap = 0.3 * Math.max(around - 0.25, 0)
  const lit = cleaned + (soft - cleaned) * wrap
  return image + (lit - image) * share
}
