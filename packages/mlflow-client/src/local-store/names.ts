import { posix } from 'node:path'

/** MLflow's rules for the names of metrics, params and tags; each is also a path in the store. */
export function isStorableName(name: string): boolean {
  return (
    /^[/\p{L}\p{N}_.\- :]+$/u.test(name) &&
    Array.from(name).length <= 250 &&
    name === posix.normalize(name) &&
    name !== '.' &&
    !name.startsWith('..') &&
    !name.startsWith('/') &&
    !name.endsWith('/') &&
    // The limit of file systems for one name.
    name.split('/').every((part) => Buffer.byteLength(part) <= 255)
  )
}
