import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StaticFile, StaticFiles } from './static-files.ts'

export type PagesDeps = {
  /** Null while only the session endpoint is served (development). */
  readonly files: StaticFiles | null
  headers(request: IncomingMessage): Readonly<Record<string, string>>
  isReady(): boolean
}

/** Everything over plain HTTP: the pages, and `/healthz` for whoever watches the process. */
export function createPages(deps: PagesDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    for (const [name, value] of Object.entries(deps.headers(request))) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      response.setHeader('Connection', 'close')
      return sendText(response, 405, 'Only GET and HEAD.\n')
    }
    const path = request.url?.split(/[?#]/)[0] ?? '/'
    if (path === '/healthz') return sendHealth(response, deps.isReady())
    if (path === '/session') {
      response.setHeader('Upgrade', 'websocket')
      return sendText(response, 426, 'This is a WebSocket endpoint.\n')
    }
    const file = deps.files?.find(path) ?? null
    if (file === null) return sendText(response, 404, 'There is nothing here.\n')
    sendFile(request, response, file)
  }
}

function sendHealth(response: ServerResponse, ready: boolean): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.statusCode = ready ? 200 : 503
  response.end(JSON.stringify({ status: ready ? 'ok' : 'draining' }))
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(text)
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: StaticFile): void {
  response.setHeader('Cache-Control', file.cacheControl)
  response.setHeader('ETag', file.etag)
  response.setHeader('Vary', 'Accept-Encoding')
  if (request.headers['if-none-match'] === file.etag) {
    response.statusCode = 304
    response.end()
    return
  }
  const zipped = file.gzipped !== null && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? file.gzipped : null
  if (zipped !== null) response.setHeader('Content-Encoding', 'gzip')
  const body = zipped ?? file.body
  response.setHeader('Content-Type', file.type)
  response.setHeader('Content-Length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
}
