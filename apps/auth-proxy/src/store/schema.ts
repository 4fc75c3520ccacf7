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
  /** Names the session to people; does not authenticate. */
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

/** Columns of the table `locks`: temporary locks against guessing passwords. */
interface LockTable {
  key: string
  strikes: number
  until: string
}

/** Columns of the table `unlocks`: when an admin last unlocked each user or network. */
interface UnlockTable {
  /** The key of the lock it lifts: `user ada`, or `network 192.0.2.0/24`. */
  key: string
  unlocked_at: string
}

/** Columns of the table `trusted_networks`: the networks from which users signed in by password. */
interface TrustedNetworkTable {
  owner: string
  network: string
  /** Up to an hour old. */
  seen_at: string
}

/** Columns of the table `audit`. Only `record` is authoritative; the others are its indexed copies. */
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
  /** The time of the record. */
  time: string
  writer: string
  seq: number
}

/** Columns of the table `audit_places`: the runs of each experiment, as allowed requests named them. */
export interface AuditPlaceTable {
  experiment: string
  run: string
}

/** Columns of the table `audit_clock`: the reading of the retention clock. */
interface AuditClockTable {
  name: 'retention'
  time: string
}

/** Columns of the table `audit_heads`: the last record of each chain. */
export interface AuditHeadTable {
  writer: string
  seq: number
  hash: string
  time: string
  /** The folder of its files, as `host:folder`; null without files. */
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
