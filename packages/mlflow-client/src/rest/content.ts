/** Bytes of a known length, which can be read from the beginning as often as an upload is repeated. A `Blob` is one. */
export interface ArtifactContent {
  readonly size: number
  stream(): AsyncIterable<Uint8Array>
}
