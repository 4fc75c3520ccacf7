import { userInfo } from 'node:os'

/** The user who runs this program. In a container the user id may have no name. */
export function systemUser(find: () => { readonly username: string } = userInfo): string {
  try {
    return find().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
