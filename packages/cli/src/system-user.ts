import { hostname, userInfo } from 'node:os'

/** The user who runs this program. In a container the user id may have no name. */
export function systemUser(find: () => { readonly username: string } = userInfo): string {
  try {
    return find().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Who changes a machine: shown to others, and recorded in its audit. */
export function whoWeAre(): string {
  return `${systemUser()}@${hostname()}`
}
