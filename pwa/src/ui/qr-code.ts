import { encode } from 'uqr'

/** The one door to the QR encoder (uqr, MIT). */
export type QrDrawing = {
  /** Modules per side, with the quiet zone of four around it (ISO/IEC 18004). */
  readonly size: number
  /** An SVG path of all dark modules, one unit each. */
  readonly path: string
}

export function drawQrCode(text: string): QrDrawing {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const runs: string[] = []
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < row.length; ) {
      let end = x
      while (row[end]) end += 1
      if (end > x) runs.push(`M${x} ${y}h${end - x}v1h${x - end}z`)
      x = end + 1
    }
  }
  return { size, path: runs.join('') }
}
