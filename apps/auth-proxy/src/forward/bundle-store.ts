/** A file in one encoding, ready to be sent. */
export interface Bundle {
  readonly bytes: Buffer
  readonly type: string
  /** Identifies the content, whatever its encoding. */
  readonly etag: string
}

/** Keeps compressed files in memory; when they exceed the limit, the least recently used are evicted. */
export class BundleStore {
  readonly #maxBytes: number
  readonly #bundles = new Map<string, Bundle>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get(key: string): Bundle | undefined {
    const bundle = this.#bundles.get(key)
    if (bundle === undefined) return undefined
    this.#bundles.delete(key)
    this.#bundles.set(key, bundle)
    return bundle
  }

  set(key: string, bundle: Bundle): void {
    this.#drop(key)
    this.#bundles.set(key, bundle)
    this.#bytes += bundle.bytes.length
    for (const oldest of this.#bundles.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#bundles.get(key)?.bytes.length ?? 0
    this.#bundles.delete(key)
  }
}
