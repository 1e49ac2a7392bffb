import type { Scene } from './tracer.mjs'

export const rooms: Readonly<Record<string, () => Scene>>
