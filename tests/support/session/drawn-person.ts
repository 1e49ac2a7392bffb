/** A person who is drawn and breathes, as a camera would show one: real frames for a screen without a camera. */
export function drawnPerson(hue: number, width = 640, height = 480): MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  let frame = 0
  const unit = height / 480
  const draw = () => {
    frame += 1
    const breath = Math.sin(frame / 8) * 4 * unit
    const middle = width / 2
    const light = pen.createLinearGradient(0, 0, width, height)
    light.addColorStop(0, `hsl(${hue} 22% 62%)`)
    light.addColorStop(1, `hsl(${hue} 24% 42%)`)
    pen.fillStyle = light
    pen.fillRect(0, 0, width, height)
    pen.fillStyle = `hsl(${(hue + 170) % 360} 26% 34%)`
    pen.beginPath()
    pen.ellipse(middle, height + 20 * unit, 190 * unit, 170 * unit + breath, 0, Math.PI, 2 * Math.PI)
    pen.fill()
    pen.fillStyle = '#8a5a44'
    pen.fillRect(middle - 32 * unit, 270 * unit + breath, 64 * unit, 70 * unit)
    pen.fillStyle = '#a06c52'
    pen.beginPath()
    pen.ellipse(middle, 200 * unit + breath, 84 * unit, 108 * unit, 0, 0, 2 * Math.PI)
    pen.fill()
    pen.fillStyle = '#2c211b'
    pen.beginPath()
    pen.ellipse(middle, 140 * unit + breath, 92 * unit, 70 * unit, 0, Math.PI, 2 * Math.PI)
    pen.fill()
    for (const side of [-1, 1]) {
      pen.beginPath()
      pen.ellipse(middle + side * 32 * unit, 196 * unit + breath, 7 * unit, frame % 60 < 3 ? 1 : 8 * unit, 0, 0, 2 * Math.PI)
      pen.fill()
    }
    pen.strokeStyle = '#4a2b20'
    pen.lineWidth = 5 * unit
    pen.beginPath()
    pen.arc(middle, 232 * unit + breath, 30 * unit, 0.25 * Math.PI, 0.75 * Math.PI)
    pen.stroke()
  }
  draw()
  setInterval(draw, 200)
  return canvas.captureStream(5)
}

/** A worksheet, as a shared screen would show one. */
export function drawnScreen(): MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = 1280
  canvas.height = 720
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  let frame = 0
  const draw = () => {
    frame += 1
    pen.fillStyle = '#f7f4ee'
    pen.fillRect(0, 0, 1280, 720)
    pen.fillStyle = '#26352f'
    pen.font = '600 44px sans-serif'
    pen.fillText('Thoughts, feelings, actions', 80, 110)
    pen.font = '28px sans-serif'
    for (let line = 0; line < 8; line += 1) {
      pen.fillText(`${line + 1}.`, 80, 190 + line * 60)
      pen.fillRect(130, 196 + line * 60, 700 + ((line * 97) % 260), 2)
    }
    pen.fillRect(1200, 660, 8 + (frame % 20), 8)
  }
  draw()
  setInterval(draw, 400)
  return canvas.captureStream(5)
}
