import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compositorWasm } from './build-compositor.mjs'
import { prepareModel } from './prepare-model.mjs'

const require = createRequire(import.meta.url)
const packaged = (path) => new Uint8Array(readFileSync(require.resolve(path)))
const runtime = (name) => packaged(`@mediapipe/tasks-vision/${name}`)
const model = (name) => prepareModel(packaged(`@mediapipe/selfie_segmentation/${name}.tflite`))

/** In one folder of their own, so that one rule of the server and of the service worker is enough for all of them. */
export const backgroundsFolder = 'assets/app/backgrounds'
const query = '?served'
const devFolder = '/@backgrounds'

/** What a background needs besides code: compiled, prepared or copied. */
export async function backgroundFiles() {
  return new Map([
    ['compositor.wasm', await compositorWasm()],
    ['selfie-landscape.tflite', model('selfie_segmentation_landscape')],
    ['selfie-square.tflite', model('selfie_segmentation')],
    ...['vision_wasm_module_internal.js', 'vision_wasm_module_internal.wasm'].map((name) => [name, runtime(name)]),
  ])
}

/**
 * `import { assetFiles } from './asset-files.ts?served'`: where the files are served, and how large they are. The build puts them
 * into a folder with their hash in its name; the dev server answers from memory.
 */
export function backgrounds() {
  let building = false
  let made = null
  const files = () => {
    made ??= backgroundFiles()
    return made
  }
  return {
    name: 'alcove:backgrounds',
    enforce: 'pre',
    configResolved({ command }) {
      building = command === 'build'
    },
    resolveId: (id) => (id.endsWith(query) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith('\0') || !id.endsWith(query)) return null
      const all = await files()
      const hash = createHash('sha256')
      for (const [name, bytes] of all) hash.update(name).update(bytes)
      const folder = building ? `/${backgroundsFolder}/${hash.digest('hex').slice(0, 12)}` : devFolder
      if (building) for (const [name, source] of all) this.emitFile({ type: 'asset', fileName: `${folder.slice(1)}/${name}`, source })
      const list = [...all].map(([name, bytes]) => ({ name, bytes: bytes.length }))
      return `export const assetFiles = ${JSON.stringify({ folder, files: list })}`
    },
    configureServer(server) {
      server.middlewares.use(devFolder, async (request, response, next) => {
        const name = (request.url ?? '').replace(/^\/|\?.*$/g, '')
        const bytes = (await files()).get(name)
        if (!bytes) return next()
        const type = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream'
        response.setHeader('Content-Type', type)
        response.end(bytes)
      })
    },
  }
}

/** For `worker` in Vite's configuration: the worker's code beside the files. */
export const backgroundsWorker = {
  format: 'es',
  rolldownOptions: {
    output: { entryFileNames: `${backgroundsFolder}/[name]-[hash].js`, chunkFileNames: `${backgroundsFolder}/[name]-[hash].js` },
  },
}

/** For the app's output: the images beside them, so that what keeps one keeps the other. */
export const backgroundAssets = {
  assetFileNames: ({ originalFileNames }) => {
    const isImage = originalFileNames.some((name) => name.includes('adapters/backgrounds/images/'))
    return isImage ? `${backgroundsFolder}/images/[name]-[hash][extname]` : 'assets/app/[name]-[hash][extname]'
  },
}
