import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { Turnstile } from './turnstile.ts'
import { BundleStore } from './bundle-store.ts'
import type { Bundle } from './bundle-store.ts'
import { acceptedEncoding, pack } from './encoding.ts'
import type { Encoding } from './encoding.ts'

interface Options {
  /** The size of the cache in bytes. MLflow's page is 7 MB when compressed. */
  readonly maxBytes?: number
}

const bundleRoute = 'GET /static-files/{path:path}'
/** A content hash in the name: changed content has another name. */
const hashedName = /[.-][0-9a-f]{8,32}\.[\w.]+$/
const packable = /^(?:text\/|application\/(?:javascript|json|manifest\+json|wasm)|image\/svg\+xml)/
const maxFileBytes = 16 * 1024 * 1024
/** Only signed-in users may get the page's files, so no shared cache may keep them. */
const forEver = 'private, max-age=31536000, immutable'

/** Sends the files of MLflow's page compressed and cacheable for ever; each is fetched and compressed once. */
export class Bundles {
  readonly #upstream: Dispatcher
  readonly #store: BundleStore
  readonly #underWay = new Map<string, Promise<Bundle | undefined>>()
  // Two slots for compression leave the other threads of Node's pool to password hashing.
  readonly #turnstile = new Turnstile({ slots: 2, maxWaiting: 500 })

  constructor(upstream: Dispatcher, { maxBytes = 64 * 1024 * 1024 }: Options = {}) {
    this.#upstream = upstream
    this.#store = new BundleStore(maxBytes)
  }

  /** Whether a request is for such a file. */
  has({ method, headers }: IncomingMessage, { route, target }: Call): boolean {
    return (
      route.name === bundleRoute && method === 'GET' && headers.range === undefined && hashedName.test(target)
    )
  }

  /** Answers such a request, which was authorised before; false leaves it to be forwarded. */
  async answer({ headers }: IncomingMessage, response: ServerResponse, call: Call): Promise<boolean> {
    const encoding = acceptedEncoding(headers['accept-encoding'])
    const bundle = await this.#find(call.target, encoding)
    if (bundle === undefined) return false
    const { bytes, type, etag } = bundle
    const about = { 'cache-control': forEver, etag, vary: 'Accept-Encoding' }
    if (headers['if-none-match']?.split(/\s*,\s*/).includes(etag) === true) {
      response.writeHead(304, about).end()
      return true
    }
    response.writeHead(200, {
      ...about,
      'content-type': type,
      'content-length': bytes.length,
      'x-content-type-options': 'nosniff',
      ...(encoding === 'identity' || !packable.test(type) ? {} : { 'content-encoding': encoding }),
    })
    response.end(bytes)
    return true
  }

  async #find(target: string, encoding: Encoding): Promise<Bundle | undefined> {
    const key = `${encoding} ${target}`
    const known = this.#store.get(key)
    if (known !== undefined) return known
    const loading = this.#underWay.get(key) ?? this.#turnstile.enter(() => this.#load(target, encoding))
    if (loading === undefined) return undefined
    this.#underWay.set(key, loading)
    try {
      const bundle = await loading
      if (bundle !== undefined) this.#store.set(key, bundle)
      return bundle
    } finally {
      this.#underWay.delete(key)
    }
  }

  /**
   * Undefined unless MLflow sends a whole file of modest size; such a request is forwarded, so that its client
   * learns why.
   */
  async #load(target: string, encoding: Encoding): Promise<Bundle | undefined> {
    try {
      const { statusCode, headers, body } = await this.#upstream.request({
        path: target,
        method: 'GET',
        headers: {
          host: 'localhost',
          'x-forwarded-for': '127.0.0.1',
          'accept-encoding': 'identity',
        },
      })
      const type = String(headers['content-type'] ?? '')
      if (statusCode !== 200 || !(Number(headers['content-length']) <= maxFileBytes)) {
        await body.dump()
        return undefined
      }
      const content = Buffer.from(await body.arrayBuffer())
      const etag = `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
      return { type, etag, bytes: await pack(content, packable.test(type) ? encoding : 'identity') }
    } catch {
      return undefined
    }
  }
}
