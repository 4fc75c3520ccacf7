/** What is read when somebody asks for the figures. */
export interface Standing {
  readonly users: number
  readonly tokens: number
  readonly sessions: number
  /** Names and networks from which no password is taken now. */
  readonly lockouts: number
  readonly hashesRunning: number
  readonly passwordCacheHits: number
  readonly passwordCacheMisses: number
}
