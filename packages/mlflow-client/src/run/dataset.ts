import { lazyCrypto } from '../node/lazy-crypto.ts'
import type { WireDataset } from '../rest/wire.ts'
import { spellValue } from './flatten.ts'

/** A dataset that a run reads. */
export interface Dataset {
  readonly name: string
  /** Path or URL. */
  readonly source?: string | undefined
  /** By default `http` for http and https URLs, else `local`. */
  readonly sourceType?: string | undefined
  /** Identifies the version, at most 36 characters; by default derived from everything else. */
  readonly digest?: string | undefined
  /** Columns and types; an object is written as JSON. */
  readonly schema?: string | object | undefined
  /** Sizes, counts and the like; an object is written as JSON. */
  readonly profile?: string | object | undefined
}

/** Convert a dataset for the server, in the form of MLflow's own sources, so that its page can show a link. */
export function toWireDataset({
  name,
  source = '',
  sourceType,
  digest,
  schema,
  profile,
}: Dataset): WireDataset {
  if (typeof name !== 'string' || name === '') throw new TypeError('a dataset needs a name')
  const isUrl = /^https?:\/\//.test(source)
  const described = {
    source_type: spellValue(sourceType ?? (isUrl ? 'http' : 'local')),
    source: JSON.stringify(isUrl ? { url: source } : { uri: source }),
    ...(schema !== undefined && { schema: spellValue(schema) }),
    ...(profile !== undefined && { profile: spellValue(profile) }),
  }
  const made = lazyCrypto()
    .createHash('sha256')
    .update(JSON.stringify([name, described]))
    .digest('hex')
    .slice(0, 8)
  return { name, digest: spellValue(digest ?? made), ...described }
}
