import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { VitePWA } from 'vite-plugin-pwa'
import solid from 'vite-plugin-solid'
import type { Plugin, UserConfig } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { manifestOf, manifestWords, targets } from './extension/src/manifest.ts'
import extensionPackage from './extension/package.json' with { type: 'json' }
import { LongestFirst } from './tests/support/longest-first.ts'
import { backgroundAssets, backgrounds, backgroundsWorker } from './scripts/backgrounds-plugin.mjs'

/**
 * Every build and every test project. `vite build --mode app | join | check | signaling | extension...` makes one part; `vite` serves both pages
 * with hot reload; `vitest` runs the projects. The two pages are built apart, so that each is shaken and split for
 * itself: the patient's page shares no chunk with the app, and the app's service worker knows nothing of it.
 */
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const browsers = ['chrome111', 'firefox114', 'safari16.4']

const page: UserConfig = {
  root: at('pwa'),
  publicDir: at('pwa/public'),
  build: {
    outDir: at('dist/pwa'),
    target: browsers,
    // The polyfill would be an inline concern for every page; the browsers above have module preload.
    modulePreload: { polyfill: false },
    // Nothing as a data: URL: the content security policy stays short.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
}

function app(): UserConfig {
  return {
    ...page,
    worker: backgroundsWorker,
    plugins: [
      solid(),
      backgrounds(),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: 'src/sw',
        filename: 'service-worker.ts',
        injectRegister: false,
        injectManifest: {
          rollupFormat: 'iife',
          globPatterns: ['**/*.{html,js,css,svg,png,webp,woff2}'],
          // Backgrounds come when somebody chooses one.
          globIgnores: ['join.html', 'check.html', 'assets/join/**', 'assets/check/**', 'assets/app/backgrounds/**'],
          target: browsers,
        },
        includeManifestIcons: false,
        manifest: {
          id: '/',
          name: 'Alcove',
          short_name: 'Alcove',
          description: 'Telehealth for your practice',
          start_url: '/',
          scope: '/',
          display: 'standalone',
          background_color: '#faf7f3',
          theme_color: '#faf7f3',
          icons: [
            { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
            { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
            { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          ],
        },
      }),
    ],
    build: {
      ...page.build,
      emptyOutDir: false,
      assetsDir: 'assets/app',
      rolldownOptions: { input: at('pwa/index.html'), output: backgroundAssets },
    },
  }
}

/** Vite's helper around every `import()`, which loads style sheets and preloads first, without what the small pages have not. */
const plainImports: Plugin = {
  name: 'alcove:plain-imports',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : null),
}

/** `c0`, `c1`, ...: a small page's classes weigh nothing, and no two of them are the same. */
function shortNames(): (name: string, file: string) => string {
  const known = new Map<string, string>()
  return (name, file) => {
    const key = `${file} ${name}`
    const short = known.get(key) ?? `c${known.size.toString(36)}`
    known.set(key, short)
    return short
  }
}

/** A page of its own that shares nothing with the app: the patient's, and the device check. */
function smallPage(name: 'join' | 'check'): UserConfig {
  const script = `assets/${name}/[name]-[hash:6].js`
  return {
    ...page,
    publicDir: false,
    plugins: [solid(), plainImports],
    css: { modules: { generateScopedName: shortNames() } },
    build: {
      ...page.build,
      emptyOutDir: false,
      assetsDir: `assets/${name}`,
      // With one style sheet, parts that are fetched later need nothing loaded before them.
      cssCodeSplit: false,
      modulePreload: { polyfill: false, resolveDependencies: (_page, needed, { hostType }) => (hostType === 'html' ? needed : []) },
      // A shorter hash than usual: nothing weighs more, byte for byte, than what cannot be compressed.
      rolldownOptions: { input: at(`pwa/${name}.html`), output: { entryFileNames: script, chunkFileNames: script } },
    },
  }
}

function signaling(): UserConfig {
  return {
    root: at('signaling'),
    publicDir: false,
    build: {
      ssr: at('signaling/src/main.ts'),
      outDir: at('dist/signaling'),
      emptyOutDir: true,
      target: 'node20',
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: 'main.js' } },
    },
  }
}

/** The manifest of each browser, and its name in each language; `scripts/build-extension.mjs` deals them out. */
const manifests: Plugin = {
  name: 'alcove:manifests',
  generateBundle() {
    const emit = (fileName: string, content: unknown) =>
      this.emitFile({ type: 'asset', fileName, source: `${JSON.stringify(content, null, 2)}\n` })
    const variant = process.env.ALCOVE_EXTENSION === 'development' ? 'development' : 'shipped'
    for (const target of targets) emit(`manifest.${target}.json`, manifestOf(target, variant, extensionPackage.version))
    for (const [language, words] of Object.entries(manifestWords)) emit(`_locales/${language}/messages.json`, words)
  },
}

const extensionBrowsers = ['chrome116', 'firefox142', 'safari16.4']

/** The extension's pages. One set of files for all browsers: what a browser has not is not called there. */
function extension(): UserConfig {
  return {
    root: at('extension'),
    publicDir: at('extension/public'),
    plugins: [solid(), manifests],
    build: {
      outDir: at('dist/extension/files'),
      emptyOutDir: false,
      target: extensionBrowsers,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { input: ['popup', 'options', 'offscreen'].map((name) => at(`extension/${name}.html`)) },
    },
  }
}

/** One script without imports: a content script may have none, and a worker starts sooner. */
function extensionScript(name: 'background' | 'content', entry: string): UserConfig {
  return {
    root: at('extension'),
    publicDir: false,
    build: {
      outDir: at('dist/extension/files'),
      emptyOutDir: false,
      target: extensionBrowsers,
      reportCompressedSize: false,
      rolldownOptions: { input: at(entry), output: { format: 'iife', entryFileNames: `${name}.js` } },
    },
  }
}

/** In the dev server the pages have the server's own addresses: `/join` and `/check` are pages of their own, all else the app. */
const smallPages: Plugin = {
  name: 'alcove:small-pages',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const name = /^\/(join|check)(?:\?|$)/.exec(request.url ?? '')?.[1]
      if (name) request.url = `/${name}.html`
      next()
    })
  },
}

function dev(): UserConfig {
  const server = `http://127.0.0.1:${process.env.ALCOVE_SIGNALING_PORT ?? '8081'}`
  return {
    ...page,
    worker: backgroundsWorker,
    plugins: [solid(), smallPages, backgrounds()],
    server: {
      port: Number(process.env.PORT ?? '8080'),
      strictPort: true,
      host: process.env.HOST ?? 'localhost',
      proxy: {
        // The app has a view of that name: only the socket goes to the server.
        '/session': { target: server, ws: true, bypass: ({ headers }) => (headers.upgrade ? undefined : '/index.html') },
        '/sync': { target: server, ws: true },
        '/log': { target: server, ws: true },
        '/healthz': { target: server },
      },
    },
  }
}

/** `workers`: so many files at a time; more processes would fight for the computer, and with fewer it mostly waits. */
type Limits = { readonly testTimeout: number; readonly workers: number; readonly group: number; readonly needsBuild?: boolean }

/** Arithmetic and files of a few milliseconds: as many at a time as there are processors. */
const ofCode = { workers: availableParallelism(), group: 0 }

function project(
  name: string,
  limits: Limits,
  include: readonly string[] = [`tests/${name}/**/*.test.ts`],
): TestProjectInlineConfiguration {
  return {
    // Signals as in the browser: what Node finds by itself is the build for server rendering, in which nothing reacts.
    resolve: { alias: [{ find: /^solid-js$/, replacement: at('node_modules/solid-js/dist/solid.js') }] },
    test: {
      name,
      root: at('.'),
      environment: 'node',
      include: [...include],
      testTimeout: limits.testTimeout,
      hookTimeout: Math.max(limits.testTimeout, 30_000),
      // Stories share a process, and with it pages that stand ready. Code does not: what one file leaves behind, a global or a
      // module that looked for one too early, must not decide about the next.
      isolate: limits.needsBuild !== true,
      maxWorkers: limits.workers,
      sequence: { groupOrder: limits.group },
      globalSetup: limits.needsBuild ? ['tests/support/build-first.ts'] : [],
    },
  }
}

const tests = {
  root: at('.'),
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', { ...ofCode, testTimeout: 60_000 }, ['tests/unit/**/*.test.ts', 'tests/architecture.test.ts']),
      project('contract', { ...ofCode, testTimeout: 60_000 }),
      project('integration', { ...ofCode, testTimeout: 60_000 }),
      project('hostile', { testTimeout: 120_000, workers: 2, group: 1, needsBuild: true }),
      project('e2e', { testTimeout: 120_000, workers: 2, group: 2, needsBuild: true }),
    ],
  },
}

const modes: Readonly<Record<string, () => UserConfig>> = {
  app,
  join: () => smallPage('join'),
  check: () => smallPage('check'),
  signaling,
  extension,
  'extension-background': () => extensionScript('background', 'extension/src/background/main.ts'),
  'extension-content': () => extensionScript('content', 'extension/src/content/content.ts'),
  development: dev,
  test: () => tests,
}

export default defineConfig(({ mode }) => {
  const config = modes[mode]
  if (!config) throw new Error(`Unknown mode "${mode}": one of ${Object.keys(modes).join(', ')}`)
  return config()
})
