import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** MLflow's multipart API and the object store behind it, in one loopback server that misbehaves on demand. */
export interface FakeMultipart extends AsyncDisposable {
  readonly url: string
  /** Every request, as `create`, `part 3`, `complete`, `abort`, `whole`, `list` or `server-info`. */
  readonly requests: readonly string[]
  /** The stored files, by path. */
  readonly stored: ReadonlyMap<string, Buffer>
  /** Whether `server-info` says that multipart uploads are supported. */
  isOffered: boolean
  /**
   * A status in place of the response; `reset` cuts the connection, `lost` does so after serving the request; `page`
   * responds with a page; `half` stores half of the bytes; `other digest` returns the ETag of other content.
   */
  misbehave: (
    request: string,
    index: number,
  ) => number | 'reset' | 'lost' | 'page' | 'half' | 'other digest' | undefined
}

/** Start a fake. */
export async function startFakeMultipart(): Promise<FakeMultipart> {
  const requests: string[] = []
  const stored = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  const server = createServer((request, response) => void handle(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const fake: FakeMultipart = {
    url,
    requests,
    stored,
    isOffered: true,
    misbehave: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return fake

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined)
    if (body === undefined) return
    const path = decodeURIComponent(request.url ?? '')
    const isList = request.method === 'GET' && path.includes('?path=')
    const [, upload = '', number = ''] = /^\/store\/(\w+)\/(\d+)/.exec(path) ?? []
    const name =
      upload !== ''
        ? `part ${number}`
        : isList
          ? 'list'
          : (/(create|complete|abort|server-info)/.exec(path)?.[1] ?? 'whole')
    requests.push(name)
    const fault = fake.misbehave(name, requests.length - 1)
    if (fault === 'reset') return void request.socket.destroy()
    if (typeof fault === 'number') return void response.writeHead(fault).end('{"message":"on purpose"}')
    if (fault === 'page')
      return void response.writeHead(200, { etag: 'x' }).end('<html>Please sign in</html>')
    const taken = fault === 'half' ? body.subarray(0, body.length / 2) : body
    const [status, answer] =
      upload === '' ? serve(name, path, taken) : takePart(upload, Number(number), body, request)
    if (fault === 'lost') return void request.socket.destroy()
    response
      .writeHead(status, {
        etag: createHash('md5')
          .update(fault === 'other digest' ? 'other' : body)
          .digest('hex'),
      })
      .end(JSON.stringify(answer))
  }

  function list(folder: string): object[] {
    const inside = [...stored].filter(([path]) => path.slice(0, path.lastIndexOf('/')) === folder)
    return inside.map(([path, { length }]) => ({ path: path.split('/').at(-1), file_size: length }))
  }

  function takePart(
    upload: string,
    number: number,
    body: Buffer,
    { headers }: IncomingMessage,
  ): [number, object] {
    if (headers['content-md5'] !== createHash('md5').update(body).digest('base64')) return [400, {}]
    uploads.get(upload)?.set(number, body)
    return [200, {}]
  }

  function serve(name: string, path: string, body: Buffer): [number, object] {
    if (name === 'server-info') return [200, { multipart_uploads_enabled: fake.isOffered }]
    if (name === 'list') return [200, { files: list(path.replace(/^.*\?path=/, '').replaceAll('+', ' ')) }]
    const folder = path.replace(/^\/api\/2\.0\/mlflow-artifacts\/(mpu\/\w+|artifacts)\//, '')
    if (name === 'whole') return [stored.set(folder, body).size && 200, {}]
    const json: {
      path: string
      num_parts?: number
      upload_id?: string
      parts?: { part_number: number; etag: string }[]
    } = JSON.parse(body.toString())
    if (name === 'create') {
      const id = `upload${uploads.size}`
      uploads.set(id, new Map())
      const credentials = Array.from({ length: json.num_parts ?? 0 }, (_, index) => ({
        part_number: index + 1,
        url: `${url}/store/${id}/${index + 1}?signature=secret`,
        headers: {},
      }))
      return [200, { upload_id: id, credentials }]
    }
    const parts = uploads.get(json.upload_id ?? '')
    uploads.delete(json.upload_id ?? '')
    if (name === 'abort') return [200, {}]
    if (parts === undefined) return [500, { message: 'NoSuchUpload' }]
    const bodies = (json.parts ?? []).map(({ part_number: number }) => parts.get(number) ?? Buffer.alloc(0))
    stored.set(`${folder}/${json.path}`, Buffer.concat(bodies))
    return [200, {}]
  }
}
