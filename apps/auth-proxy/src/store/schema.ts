/** Columns of the table `users`. Times are ISO 8601 in UTC, here and below. */
export interface UserTable {
  name: string
  role: 'viewer' | 'member' | 'maintainer' | 'admin'
  kind: 'person' | 'service'
  /** A PHC string; null for a program, which has no password. */
  password_hash: string | null
  disabled_at: string | null
  legacy_until: string | null
  created_at: string
  updated_at: string
}

/** Columns of the table `tokens`. */
export interface TokenTable {
  id: string
  owner: string
  name: string
  /** Of the whole token, base64url. */
  sha256: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

/** Columns of the table `sessions`. */
export interface SessionTable {
  /** To name it to people; opens nothing. */
  id: string
  /** Of the cookie's value, base64url. */
  sha256: string
  owner: string
  address: string
  user_agent: string
  created_at: string
  last_seen_at: string
  expires_at: string
}

/** Columns of the table `locks`: who may not try passwords for a while. */
interface LockTable {
  key: string
  strikes: number
  until: string
}

/** Columns of the table `unlocks`: whom or which network an admin unlocked last, and when. */
interface UnlockTable {
  /** As the lock it lifts: `user ada`, or `network 192.0.2.0/24`. */
  key: string
  unlocked_at: string
}

/** Columns of the table `trusted_networks`: from where people came in by their password. */
interface TrustedNetworkTable {
  owner: string
  network: string
  /** Within the hour. */
  seen_at: string
}

/** Columns of the table `audit`. Only `record` counts; the others are there to find it by. */
export interface AuditTable {
  writer: string
  seq: number
  time: string
  request_id: string | null
  actor: string | null
  action: string
  /** 1 or 0, and so is `asked`. */
  allowed: number
  asked: number
  /** The record as canonical JSON. */
  record: string
}

/** Columns of the table `audit_subjects`: what each record is about. */
interface AuditSubjectTable {
  kind: string
  value: string
  /** The record's. */
  time: string
  writer: string
  seq: number
}

/** Columns of the table `audit_places`: which runs an experiment has, as requests that were allowed named them. */
export interface AuditPlaceTable {
  experiment: string
  run: string
}

/** Columns of the table `audit_clock`: the time by which records grow old. */
interface AuditClockTable {
  name: 'retention'
  time: string
}

/** Columns of the table `audit_heads`: how far each chain has come. */
export interface AuditHeadTable {
  writer: string
  seq: number
  hash: string
  time: string
  /** Where its files are, as `host:folder`; null without. */
  folder: string | null
}

/** All tables of the front door's own database. */
export interface Schema {
  users: UserTable
  tokens: TokenTable
  sessions: SessionTable
  locks: LockTable
  unlocks: UnlockTable
  trusted_networks: TrustedNetworkTable
  audit: AuditTable
  audit_subjects: AuditSubjectTable
  audit_places: AuditPlaceTable
  audit_heads: AuditHeadTable
  audit_clock: AuditClockTable
}
