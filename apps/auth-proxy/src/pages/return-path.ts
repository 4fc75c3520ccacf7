const maxLength = 2000
// A slash, then anything that is neither a second one nor a backslash, which browsers take for one.
const localPath = /^\/(?![/\\])[\u0021-\u005b\u005d-\u007e]*$/

/** Where somebody is led after signing in: a path of this server, else its front page. */
export function returnPath(wanted: string | null): string {
  if (wanted === null || wanted.length > maxLength || !localPath.test(wanted)) return '/'
  // Signing in does not lead back to signing in or out.
  return wanted.startsWith('/_soen/sign-') || wanted.startsWith('/_soen/setup') ? '/' : wanted
}
