/**
 * A small path tracer: rooms of boxes, ellipsoids and cylinders with one kind of surface (matt), lit by a soft surrounding, a sun and lamps, seen through
 * a lens that is focused on whoever sits in front of them. That the light is real is what makes a drawn room pass for one behind somebody.
 *
 * Deterministic: the same scene, size and number of samples give the same numbers.
 */

/** Mulberry32. */
export function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const box = 0
const ball = 1
const tube = 2

/** `solids`: { shape, at, size (half of each side), turn (radians about x, y, z), colour, glow, shadeOnly (seen by nothing but the sun) }. Colours are linear. */
function prepare(solids) {
  const count = solids.length
  const kind = new Uint8Array(count)
  const inverse = new Float64Array(count * 9)
  const at = new Float64Array(count * 3)
  const bounds = new Float64Array(count * 6)
  solids.forEach((solid, i) => {
    kind[i] = { box, ball, tube }[solid.shape]
    const rotation = rotationOf(solid.turn ?? [0, 0, 0])
    for (let axis = 0; axis < 3; axis++) {
      at[i * 3 + axis] = solid.at[axis]
      let reach = 0
      for (let own = 0; own < 3; own++) {
        const along = rotation[axis * 3 + own]
        inverse[i * 9 + own * 3 + axis] = along / solid.size[own]
        reach += solid.shape === 'ball' ? (along * solid.size[own]) ** 2 : Math.abs(along) * solid.size[own]
      }
      if (solid.shape === 'ball') reach = Math.sqrt(reach)
      bounds[i * 6 + axis] = solid.at[axis] - reach
      bounds[i * 6 + 3 + axis] = solid.at[axis] + reach
    }
  })
  return { kind, inverse, at, tree: treeOf(bounds, count) }
}

function rotationOf([x, y, z]) {
  const [cx, sx, cy, sy, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z)]
  return [
    cy * cz,
    sx * sy * cz - cx * sz,
    cx * sy * cz + sx * sz,
    cy * sz,
    sx * sy * sz + cx * cz,
    cx * sy * sz - sx * cz,
    -sy,
    sx * cy,
    cx * cy,
  ]
}

/** Boxes within boxes; a leaf has one solid. Node n: bounds, then its children, or -1 and the solid. */
function treeOf(bounds, count) {
  const box = new Float64Array(count * 12)
  const left = new Int32Array(count * 2)
  const right = new Int32Array(count * 2)
  let used = 0
  function add(list) {
    const node = used++
    for (let axis = 0; axis < 3; axis++) {
      box[node * 6 + axis] = Math.min(...list.map((i) => bounds[i * 6 + axis]))
      box[node * 6 + 3 + axis] = Math.max(...list.map((i) => bounds[i * 6 + 3 + axis]))
    }
    if (list.length === 1) {
      left[node] = -1
      right[node] = list[0]
      return node
    }
    const middle = (i, axis) => bounds[i * 6 + axis] + bounds[i * 6 + 3 + axis]
    const spread = [0, 1, 2].map((axis) => Math.max(...list.map((i) => middle(i, axis))) - Math.min(...list.map((i) => middle(i, axis))))
    const axis = spread.indexOf(Math.max(...spread))
    const sorted = [...list].sort((a, b) => middle(a, axis) - middle(b, axis))
    const half = sorted.length >> 1
    left[node] = add(sorted.slice(0, half))
    right[node] = add(sorted.slice(half))
    return node
  }
  add(Array.from({ length: count }, (_, i) => i))
  return { box, left, right }
}

/**
 * Linear light, three numbers per pixel. `scene`: { solids, camera: { at, lookAt, width (of the picture at distance 1), focus, lens }, around(x, y, z) -> colour of the
 * light that comes from there, sun: { from, colour, size } or null, window: { x, y: [low, high], z: [near, far], colour } in a wall at the side, or null }. Tubes that glow are lamps.
 */
export function trace(scene, { width, height, samples, seed }) {
  const { solids, camera, around } = scene
  const { kind, inverse, at, tree } = prepare(solids)
  const sun = scene.sun ?? null
  const pane = scene.window ?? null
  const lamps = solids.flatMap(({ glow, shape }, i) => (glow && shape === 'tube' ? [i] : []))
  const random = createRandom(seed)
  const stack = new Int32Array(64)
  const hit = { t: 0, solid: -1, nx: 0, ny: 0, nz: 0 }
  const local = new Float64Array(6)

  function intoLocal(i, ox, oy, oz, dx, dy, dz) {
    const x = ox - at[i * 3]
    const y = oy - at[i * 3 + 1]
    const z = oz - at[i * 3 + 2]
    for (let row = 0; row < 3; row++) {
      const a = inverse[i * 9 + row * 3]
      const b = inverse[i * 9 + row * 3 + 1]
      const c = inverse[i * 9 + row * 3 + 2]
      local[row] = a * x + b * y + c * z
      local[3 + row] = a * dx + b * dy + c * dz
    }
  }

  /** The way along the ray to solid i, or Infinity. */
  function meet(i, ox, oy, oz, dx, dy, dz) {
    intoLocal(i, ox, oy, oz, dx, dy, dz)
    const [x, y, z, u, v, w] = local
    if (kind[i] === box) {
      let near = -Infinity
      let far = Infinity
      for (let axis = 0; axis < 3; axis++) {
        const from = local[axis]
        const step = 1 / local[3 + axis]
        const a = (-1 - from) * step
        const b = (1 - from) * step
        near = Math.max(near, Math.min(a, b))
        far = Math.min(far, Math.max(a, b))
      }
      if (near > far) return Infinity
      return near > 1e-4 ? near : far > 1e-4 ? far : Infinity
    }
    const flat = kind[i] === tube
    const a = u * u + w * w + (flat ? 0 : v * v)
    const b = x * u + z * w + (flat ? 0 : y * v)
    const c = x * x + z * z + (flat ? 0 : y * y) - 1
    let best = Infinity
    const root = b * b - a * c
    if (root > 0) {
      const q = Math.sqrt(root)
      for (const t of [(-b - q) / a, (-b + q) / a]) {
        if (t > 1e-4 && t < best && (!flat || Math.abs(y + t * v) <= 1)) best = t
      }
    }
    if (flat && !solids[i].open) {
      for (const end of [-1, 1]) {
        const t = (end - y) / v
        if (t > 1e-4 && t < best && (x + t * u) ** 2 + (z + t * w) ** 2 <= 1) best = t
      }
    }
    return best
  }

  /** The nearest solid; with `any` only whether there is one before `limit`. */
  function cast(ox, oy, oz, dx, dy, dz, limit, any, but) {
    const { box: bounds, left, right } = tree
    const ix = 1 / dx
    const iy = 1 / dy
    const iz = 1 / dz
    let best = limit
    let found = -1
    let top = 0
    stack[top++] = 0
    while (top > 0) {
      const node = stack[--top]
      const n = node * 6
      const ax = (bounds[n] - ox) * ix
      const bx = (bounds[n + 3] - ox) * ix
      const ay = (bounds[n + 1] - oy) * iy
      const by = (bounds[n + 4] - oy) * iy
      const az = (bounds[n + 2] - oz) * iz
      const bz = (bounds[n + 5] - oz) * iz
      const near = Math.max(Math.min(ax, bx), Math.min(ay, by), Math.min(az, bz))
      const far = Math.min(Math.max(ax, bx), Math.max(ay, by), Math.max(az, bz))
      if (near > far || far < 0 || near > best) continue
      if (left[node] >= 0) {
        stack[top++] = left[node]
        stack[top++] = right[node]
        continue
      }
      if (right[node] === but || (!any && solids[right[node]].shadeOnly)) continue
      const t = meet(right[node], ox, oy, oz, dx, dy, dz)
      if (t < best) {
        best = t
        found = right[node]
        if (any) return true
      }
    }
    if (any) return false
    hit.t = best
    hit.solid = found
    return found >= 0
  }

  function normalAt(i, x, y, z, dx, dy, dz) {
    intoLocal(i, x, y, z, dx, dy, dz)
    const [px, py, pz] = local
    let n = [px, py, pz]
    if (kind[i] === box) {
      const [a, b, c] = n.map(Math.abs)
      n = a > b && a > c ? [px, 0, 0] : b > c ? [0, py, 0] : [0, 0, pz]
    } else if (kind[i] === tube) n = Math.abs(py) > 0.9999 ? [0, py, 0] : [px, 0, pz]
    const m = i * 9
    const wx = inverse[m] * n[0] + inverse[m + 3] * n[1] + inverse[m + 6] * n[2]
    const wy = inverse[m + 1] * n[0] + inverse[m + 4] * n[1] + inverse[m + 7] * n[2]
    const wz = inverse[m + 2] * n[0] + inverse[m + 5] * n[1] + inverse[m + 8] * n[2]
    const length = Math.hypot(wx, wy, wz) * (wx * dx + wy * dy + wz * dz > 0 ? -1 : 1)
    hit.nx = wx / length
    hit.ny = wy / length
    hit.nz = wz / length
  }

  const dark = [0, 0, 0]
  /** What comes in there was counted already, where the ray began. */
  function throughPane(ox, oy, oz, dx, dy, dz) {
    const t = (pane.x - ox) / dx
    const y = oy + t * dy
    const z = oz + t * dz
    return t > 0 && y > pane.y[0] && y < pane.y[1] && z > pane.z[0] && z < pane.z[1]
  }

  const light = new Float64Array(3)
  const weight = new Float64Array(3)

  /** What comes along a ray, into `light`. */
  function follow(ox, oy, oz, dx, dy, dz) {
    light.fill(0)
    weight.fill(1)
    for (let bounce = 0; bounce < 5; bounce++) {
      if (!cast(ox, oy, oz, dx, dy, dz, Infinity, false, -1)) {
        const colour = pane && throughPane(ox, oy, oz, dx, dy, dz) ? dark : around(dx, dy, dz)
        for (let c = 0; c < 3; c++) light[c] += weight[c] * colour[c]
        return
      }
      const i = hit.solid
      const solid = solids[i]
      if (solid.glow && (bounce === 0 || solid.shape !== 'tube')) for (let c = 0; c < 3; c++) light[c] += weight[c] * solid.glow[c]
      ox += dx * hit.t
      oy += dy * hit.t
      oz += dz * hit.t
      normalAt(i, ox, oy, oz, dx, dy, dz)
      const { nx, ny, nz } = hit
      const colour = typeof solid.colour === 'function' ? solid.colour(ox, oy, oz) : solid.colour
      for (let c = 0; c < 3; c++) weight[c] *= colour[c]
      ox += nx * 1e-4
      oy += ny * 1e-4
      oz += nz * 1e-4

      if (sun) {
        const sx = sun.from[0] + (random() - 0.5) * sun.size
        const sy = sun.from[1] + (random() - 0.5) * sun.size
        const sz = sun.from[2] + (random() - 0.5) * sun.size
        const length = Math.hypot(sx, sy, sz)
        const facing = (nx * sx + ny * sy + nz * sz) / length
        if (facing > 0 && !cast(ox, oy, oz, sx / length, sy / length, sz / length, Infinity, true, -1))
          for (let c = 0; c < 3; c++) light[c] += weight[c] * sun.colour[c] * facing
      }
      if (pane) {
        const tx = pane.x - ox
        const ty = pane.y[0] + random() * (pane.y[1] - pane.y[0]) - oy
        const tz = pane.z[0] + random() * (pane.z[1] - pane.z[0]) - oz
        const far = Math.hypot(tx, ty, tz)
        const facing = (nx * tx + ny * ty + nz * tz) / far
        if (facing > 0 && !cast(ox, oy, oz, tx / far, ty / far, tz / far, far, true, -1)) {
          const area = (pane.y[1] - pane.y[0]) * (pane.z[1] - pane.z[0])
          const share = Math.min(1, (facing * Math.abs(tx / far) * area) / (Math.PI * far * far))
          for (let c = 0; c < 3; c++) light[c] += weight[c] * pane.colour[c] * share
        }
      }
      if (lamps.length > 0) {
        const lamp = lamps[Math.floor(random() * lamps.length)]
        const { at: place, size, glow } = solids[lamp]
        const turn = random() * 2 * Math.PI
        const [lx, lz] = [Math.cos(turn), Math.sin(turn)]
        const tx = place[0] + lx * size[0] - ox
        const ty = place[1] + (random() * 2 - 1) * size[1] - oy
        const tz = place[2] + lz * size[2] - oz
        const far = Math.hypot(tx, ty, tz)
        const facing = (nx * tx + ny * ty + nz * tz) / far
        const turned = -(lx * tx + lz * tz) / far
        if (lamp !== i && facing > 0 && turned > 0 && !cast(ox, oy, oz, tx / far, ty / far, tz / far, far - 1e-3, true, lamp)) {
          const area = 4 * Math.PI * size[0] * size[1]
          const share = Math.min(1.5, (facing * turned * area * lamps.length) / (Math.PI * far * far))
          for (let c = 0; c < 3; c++) light[c] += weight[c] * glow[c] * share
        }
      }

      // Anywhere above the surface, as a matt one reflects.
      const turn = random() * 2 * Math.PI
      const up = Math.sqrt(random())
      const out = Math.sqrt(Math.max(0, 1 - up * up))
      const [ax, ay, az] = Math.abs(nx) > 0.5 ? [0, 1, 0] : [1, 0, 0]
      let ux = ay * nz - az * ny
      let uy = az * nx - ax * nz
      let uz = ax * ny - ay * nx
      const length = Math.hypot(ux, uy, uz)
      ux /= length
      uy /= length
      uz /= length
      const [vx, vy, vz] = [ny * uz - nz * uy, nz * ux - nx * uz, nx * uy - ny * ux]
      const [a, b] = [Math.cos(turn) * out, Math.sin(turn) * out]
      dx = ux * a + vx * b + nx * up
      dy = uy * a + vy * b + ny * up
      dz = uz * a + vz * b + nz * up
    }
  }

  const picture = new Float32Array(width * height * 3)
  const { focus, lens } = camera
  const tilt = camera.tilt ?? 0
  const across = Math.ceil(Math.sqrt(samples))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0]
      for (let s = 0; s < across * across; s++) {
        const px = ((x + ((s % across) + random()) / across) / width - 0.5) * camera.width
        const py = -((y + (Math.floor(s / across) + random()) / across) / height - 0.5) * camera.width * (height / width) + tilt
        const turn = random() * 2 * Math.PI
        const away = lens * Math.sqrt(random())
        const lx = Math.cos(turn) * away
        const ly = Math.sin(turn) * away
        const [tx, ty, tz] = [px * focus - lx, py * focus - ly, focus]
        const length = Math.hypot(tx, ty, tz)
        follow(camera.at[0] + lx, camera.at[1] + ly, camera.at[2], tx / length, ty / length, tz / length)
        // A single bright one among few samples would be a speck.
        r += Math.min(light[0], 12)
        g += Math.min(light[1], 12)
        b += Math.min(light[2], 12)
      }
      const all = across * across
      picture.set([r / all, g / all, b / all], (y * width + x) * 3)
    }
  }
  return picture
}
