/** The path below the artifact root in normal form; undefined when it is empty or leads out of the root. */
export function normalizeArtifactPath(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/')
}

/**
 * The nearest path that MLflow stores unchanged.
 *
 * However a path is encoded, MLflow decodes it until nothing changes and parses it as a URL: it refuses `#`, reads
 * `%41` as `A`, and drops a `?` or `;` with nothing behind it. A backslash would separate folders where somebody
 * downloads the file to Windows. Spaces, lone `%`, other `?` and `;` and letters of every script arrive unchanged.
 */
export function toStorablePath(path: string): string {
  return path
    .replace(/[#\\\p{Cc}\p{Cs}]|;(?=\?|$)/gu, '_')
    .replace(/%(?=[0-9a-f]{2})/gi, '_')
    .replace(/\?+$/, '_')
}
