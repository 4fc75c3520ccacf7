/** A duration in the file's spelling: `30m`, `1h`, `14d`, `2w`. */
export type Duration = string

/** The team's default settings for logging. */
export interface TeamSettings {
  readonly trackingUri?: string | undefined
  readonly user?: string | undefined
  readonly project?: string | undefined
}

/** Where a server's certificate comes from. */
export type TlsSettings =
  | {
      readonly mode: 'acme'
      readonly email?: string | undefined
      /** The ACME directory of another authority than Let's Encrypt. */
      readonly directory?: string | undefined
      /** Absolute path of that authority's root certificate, on the server. */
      readonly rootFile?: string | undefined
    }
  | { readonly mode: 'files'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly mode: 'internal' }
  | { readonly mode: 'none' }

/** How a dynamic DNS name is kept pointed at the server. */
export interface DnsSettings {
  /** `duckdns`, or a URL with `{domain}` and `{token}` in it. */
  readonly update: string
  readonly every: Duration
}

/** The connections that the machine accepts. */
export interface FirewallSettings {
  readonly ssh: 'anyone' | 'listed'
  readonly web: 'anyone' | 'listed'
  readonly openPorts: readonly number[]
}

/** When the database is backed up, where to, and how long backups are kept. */
export interface BackupSettings {
  readonly every: Duration
  readonly keep: Duration
  /** An `s3://` address or an absolute path on the server. */
  readonly to: string
}

/** Who is notified of problems. */
export interface AlarmSettings {
  readonly email: string
}

/** A server in an AWS account. */
export interface AwsTarget {
  readonly where: 'aws'
  readonly aws: { readonly region: string; readonly account?: string | undefined }
  readonly domain: string
  readonly tls: TlsSettings
  readonly dns?: DnsSettings | undefined
  readonly securityUpdates: boolean
  /** `postgres` on the server, or a `postgresql+psycopg2://` URL. */
  readonly database: string
  /** Without a `uri` a bucket with a generated name is created. */
  readonly artifacts: { readonly uri?: string | undefined }
  readonly backup?: BackupSettings | undefined
  readonly alarms?: AlarmSettings | undefined
  readonly budget?: { readonly monthlyUsd: number } | undefined
}

/** A server on any machine that SSH reaches. */
export interface SshTarget {
  readonly where: 'ssh'
  readonly host: {
    readonly address: string
    readonly user?: string | undefined
    readonly port?: number | undefined
    readonly jump: readonly string[]
  }
  readonly domain: string
  readonly tls: TlsSettings
  readonly dns?: DnsSettings | undefined
  readonly firewall: FirewallSettings
  readonly securityUpdates: boolean
  /** `postgres` on the server, or a `postgresql+psycopg2://` URL. */
  readonly database: string
  readonly artifacts: { readonly uri: string; readonly endpoint?: string | undefined }
  readonly backup?: BackupSettings | undefined
  readonly alarms?: AlarmSettings | undefined
}

/** A server on this computer, for its user alone. */
export interface LocalTarget {
  readonly where: 'local'
  readonly port: number
  /** `sqlite`, or a `postgresql+psycopg2://` URL. */
  readonly database: string
  readonly artifacts: { readonly uri: string; readonly endpoint?: string | undefined }
}

/** One server of the settings file. */
export type Target = AwsTarget | SshTarget | LocalTarget

/** A settings file, read and validated. */
export interface Settings {
  readonly team: TeamSettings
  readonly targets: Readonly<Record<string, Target>>
}
