import { hostname, userInfo } from 'node:os'

/** Who runs this program, for people to read. Containers may run under a number that has no name. */
export function systemUser(find: () => { readonly username: string } = userInfo): string {
  try {
    return find().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Who changes a machine: shown to others, kept in its audit. */
export function whoWeAre(): string {
  return `${systemUser()}@${hostname()}`
}
