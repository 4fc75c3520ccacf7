/**
 * What a request needs. `read`, `edit` and `manage` speak about the resource that its ids lead to, `create` about
 * none that exists yet, `scope` about as many as the caller may read; `auth` is open to everybody who is signed
 * in, `public` to everybody, `deny` to nobody.
 */
export type Level = 'public' | 'auth' | 'read' | 'scope' | 'create' | 'edit' | 'manage' | 'admin' | 'deny'

/** Parts of MLflow that run programs, call other systems or serve tenants: off unless switched on. */
export const features = [
  'assistant',
  'demo',
  'gateway',
  'jobs',
  'mcp-servers',
  'promptlab',
  'workspaces',
] as const

/** One of them. */
export type Feature = (typeof features)[number]

/** What an id can name. `stored-path` starts at the root of all artifacts, `artifact-path` within a run or model. */
export const idKinds = [
  'experiment',
  'run',
  'trace',
  'logged-model',
  'registered-model',
  'dataset',
  'issue',
  'label-schema',
  'review-queue',
  'webhook',
  'stored-path',
  'artifact-path',
] as const

/** One of them. */
export type IdKind = (typeof idKinds)[number]

/**
 * What a body is: JSON, in it a GraphQL query, bytes that are held until complete, spans of OpenTelemetry, which may be
 * packed, or a stream that goes through unread.
 */
export type BodyKind = 'json' | 'graphql' | 'whole' | 'otlp' | 'stream'

/** How one route of MLflow is treated. */
export interface Rule {
  readonly level: Level
  /** Enough instead of that where all of it is one's own: runs, models and their names, which bear their owner's. */
  readonly levelForOwn?: 'edit'
  /**
   * Where the ids stand, by kind: a parameter of the path, or a field of the query (GET) or body, with dots into
   * messages; `header:name` for a header. Several sources of one kind must name the same things.
   */
  readonly ids?: Readonly<Partial<Record<IdKind, readonly string[]>>>
  /** Query fields that the handler reads by itself, beside those of its message; `*` may repeat. */
  readonly query?: readonly string[]
  /** Fields of the JSON that the handler reads by itself, under these names alone, where it has no message. */
  readonly fields?: readonly string[]
  /** JSON unless it says otherwise. */
  readonly body?: BodyKind
  /** The most MiB of it, unpacked, that MLflow has a use for: 4 unless it says otherwise. */
  readonly bodyMiB?: number
  /** The answer is a file that somebody uploaded, which a browser must not run as a page of ours. */
  readonly servesUpload?: true
  readonly feature?: Feature
  /** What is answered while that is off, as MLflow does without it: its own page asks on its ordinary places. */
  readonly whenOff?: Readonly<Record<string, unknown>>
}

/** Rules by method and path, for instance `POST {api}/2.0/mlflow/runs/create`. */
export type RuleArea = Readonly<Record<string, Rule>>
