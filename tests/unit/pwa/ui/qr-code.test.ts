import { describe, expect, it } from 'vitest'
import { drawQrCode } from '../../../../pwa/src/ui/qr-code.ts'

/** Which modules a path paints. */
function painted(path: string, size: number): boolean[][] {
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(width); i++) {
      const row = grid[Number(y)]
      if (row) row[Number(x) + i] = true
    }
  }
  return grid
}

describe('a QR code', () => {
  const { size, path } = drawQrCode('https://clinic.example/join-practice#1.AAAAAAAAAAAAAAAAAAAAAA.abcdef.ABCDEF')
  const grid = painted(path, size)

  it('has a quiet zone of four modules on every side', () => {
    const edge = [0, 1, 2, 3, size - 4, size - 3, size - 2, size - 1]
    for (const i of edge) expect([grid[i]?.some(Boolean), grid.some((row) => row[i])]).toEqual([false, false])
  })

  it('has its three finder patterns, and not a fourth', () => {
    const finder = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111']
    const at = (x: number, y: number) => finder.every((row, dy) => [...row].every((bit, dx) => grid[y + dy]?.[x + dx] === (bit === '1')))
    const last = size - 4 - 7
    expect([at(4, 4), at(last, 4), at(4, last), at(last, last)]).toEqual([true, true, true, false])
  })

  it('is another one for another text', () => {
    expect(drawQrCode('https://clinic.example/').path).not.toBe(path)
  })
})
