import type { Identity } from '../settings/settings.ts'

/**
 * The key by which a restarted job finds its run.
 *
 * @param wanted - a key of the caller's own, or true for one made of project, member, repeat and seed
 * @returns undefined when none of these is set
 */
export function resumeKeyFrom(wanted: string | true, identity: Identity): string | undefined {
  const { project, member, repeat, seed } = identity
  const parts = Object.entries({ project, member, repeat, seed })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
  const key = wanted === true ? parts.join('/') : wanted
  if (key === '') return undefined
  // It is used inside of quotes in a search.
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%3D', '=').replaceAll("'", '%27')
}
