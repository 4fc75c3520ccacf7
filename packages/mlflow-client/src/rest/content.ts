/**
 * Bytes of a known length that can be read again from the beginning whenever an upload is retried. A `Blob` is one.
 */
export interface ArtifactContent {
  readonly size: number
  stream(): AsyncIterable<Uint8Array>
}
