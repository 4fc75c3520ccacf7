/** The counts behind the metrics. */
export interface Standing {
  readonly users: number
  readonly tokens: number
  readonly sessions: number
  /** User names and networks that are locked now. */
  readonly lockouts: number
  readonly hashesRunning: number
  readonly passwordCacheHits: number
  readonly passwordCacheMisses: number
}
