const maxLength = 2000
// A slash that is followed neither by a second one nor by a backslash, which browsers treat as one.
const localPath = /^\/(?![/\\])[\u0021-\u005b\u005d-\u007e]*$/

/** The path to go to after signing in: a path of this server, else its front page. */
export function returnPath(wanted: string | null): string {
  if (wanted === null || wanted.length > maxLength || !localPath.test(wanted)) return '/'
  // Signing in must not lead back to signing in or out.
  return wanted.startsWith('/_soen/sign-') || wanted.startsWith('/_soen/setup') ? '/' : wanted
}
