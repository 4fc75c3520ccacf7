import { userInfo } from 'node:os'

/** Who runs this program, for people to read. Containers may run under a number that has no name. */
export function systemUser(find: () => { readonly username: string } = userInfo): string {
  try {
    return find().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
