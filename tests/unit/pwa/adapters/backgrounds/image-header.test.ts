import { readdirSync, readFileSync } from 'node:fs'
import { projectImages } from '@alcove/shared/domain/background'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readImageHeader } from '../../../../../pwa/src/adapters/backgrounds/image-header.ts'
import { shrunkTo } from '../../../../../pwa/src/adapters/backgrounds/image-size.ts'
import { gif, png, svg, withExif } from '../../../../support/image-files.ts'

const images = new URL('../../../../../pwa/src/adapters/backgrounds/images/', import.meta.url)
const file = (name: string) => readFileSync(new URL(name, images))

/** The markers of a baseline JPEG, and no picture. */
const jpegHead = (width: number, height: number) =>
  Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 1, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 17, 0])

describe('the header of an image', () => {
  it('tells what it is and how large, whatever stands before the dimensions', () => {
    expect(readImageHeader(png(3, 2))).toEqual({ type: 'png', width: 3, height: 2 })
    expect(readImageHeader(jpegHead(640, 480))).toEqual({ type: 'jpeg', width: 640, height: 480 })
    expect(readImageHeader(withExif(jpegHead(640, 480), 'Harbor Street 5'))).toEqual({ type: 'jpeg', width: 640, height: 480 })
    expect(readImageHeader(file('dusk.webp'))).toEqual({ type: 'webp', width: 1280, height: 720 })
  })

  it('is read before anything is decoded, so that a bomb is known by what it says', () => {
    expect(readImageHeader(png(1, 1, { width: 60_000, height: 60_000 }))).toMatchObject({ width: 60_000, height: 60_000 })
  })

  it('is not found in anything else', () => {
    for (const other of [Buffer.alloc(0), gif, svg, Buffer.from('<!doctype html>'), Buffer.from('RIFF____WAVEfmt '), png(0, 4)])
      expect(readImageHeader(other)).toBeNull()
    for (const whole of [png(3, 2), jpegHead(64, 48), file('dusk.webp').subarray(0, 40)])
      for (let length = 0; length < 17; length++) expect(readImageHeader(whole.subarray(0, length))).toBeNull()
  })

  it('never throws, and never reads on for ever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom([], [0xff, 0xd8, 0xff], [0x89, 0x50]), (bytes, start) => {
        readImageHeader(Uint8Array.from([...start, ...bytes]))
      }),
    )
  })
})

describe('the size of an image of one’s own', () => {
  const wanted = { width: 1920, height: 1080 }
  it('just covers the picture, across and upright, and is never enlarged', () => {
    expect(shrunkTo({ width: 3840, height: 2160 }, wanted).size).toEqual(wanted)
    expect(shrunkTo({ width: 3024, height: 4032 }, wanted).size).toEqual({ width: 1920, height: 1920 })
    expect(shrunkTo({ width: 640, height: 480 }, wanted).size).toEqual({ width: 640, height: 480 })
  })

  it('is the middle of a very long one', () => {
    expect(shrunkTo({ width: 16_000, height: 1080 }, wanted)).toEqual({
      source: { x: 7040, y: 0, width: 1920, height: 1080 },
      size: wanted,
    })
    expect(shrunkTo({ width: 1, height: 9000 }, wanted).size).toEqual({ width: 1, height: 1920 })
  })
})

describe('the images of this project', () => {
  it('are there, each with its thumbnail, at most 60 kB', () => {
    expect(readdirSync(images).sort()).toEqual(projectImages.flatMap((name) => [`${name}-small.webp`, `${name}.webp`]).sort())
    for (const name of projectImages) {
      expect(readImageHeader(file(`${name}.webp`))).toMatchObject({ width: 1280, height: 720 })
      expect(readImageHeader(file(`${name}-small.webp`))).toMatchObject({ width: 256, height: 144 })
      expect(file(`${name}.webp`).length).toBeLessThan(60_000)
      expect(file(`${name}-small.webp`).length).toBeLessThan(6000)
    }
  })
})
