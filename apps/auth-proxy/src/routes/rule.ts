/**
 * The permission that a request requires. `read`, `edit` and `manage` concern the resource that its ids lead to,
 * `create` one that does not exist yet, `scope` all that the caller may read; `auth` is open to every signed-in
 * user, `public` to everybody, `deny` to nobody.
 */
export type Level = 'public' | 'auth' | 'read' | 'scope' | 'create' | 'edit' | 'manage' | 'admin' | 'deny'

/** Parts of MLflow that run programs, call other systems or serve tenants: disabled unless enabled explicitly. */
export const features = [
  'assistant',
  'demo',
  'gateway',
  'jobs',
  'mcp-servers',
  'promptlab',
  'workspaces',
] as const

/** The name of such a part. */
export type Feature = (typeof features)[number]

/**
 * The kinds of things that an id can name. `stored-path` starts at the root of all artifacts, `artifact-path` within
 * a run or model.
 */
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

/** The kind of thing that an id names. */
export type IdKind = (typeof idKinds)[number]

/**
 * The kinds of body: JSON, JSON with a GraphQL query, bytes that are held until complete, OpenTelemetry spans, which
 * may be compressed, or a stream that is forwarded unread.
 */
export type BodyKind = 'json' | 'graphql' | 'whole' | 'otlp' | 'stream'

/** How a route of MLflow is treated. */
export interface Rule {
  readonly level: Level
  /** A lower level that suffices for the caller's own things: runs, models and their names, which have an owner. */
  readonly levelForOwn?: 'edit'
  /**
   * Where the ids are, by kind: a parameter of the path, or a field of the query (GET) or body, with dots into
   * messages; `header:name` for a header. Several sources of one kind must agree.
   */
  readonly ids?: Readonly<Partial<Record<IdKind, readonly string[]>>>
  /** Query fields that the handler reads in addition to those of its message; one with `*` may be repeated. */
  readonly query?: readonly string[]
  /** JSON fields of a handler without a message, accepted under these names only. */
  readonly fields?: readonly string[]
  /** JSON by default. */
  readonly body?: BodyKind
  /** The limit of the body in MiB, decompressed: 4 by default, enough for whatever MLflow can use. */
  readonly bodyMiB?: number
  /** The response is an uploaded file, which a browser must not run as a page of ours. */
  readonly servesUpload?: true
  readonly feature?: Feature
  /**
   * The response while that part is disabled, the same as MLflow's without it, where MLflow's own page calls the
   * route on its ordinary views.
   */
  readonly whenOff?: Readonly<Record<string, unknown>>
}

/** Rules by method and path, for instance `POST {api}/2.0/mlflow/runs/create`. */
export type RuleArea = Readonly<Record<string, Rule>>
