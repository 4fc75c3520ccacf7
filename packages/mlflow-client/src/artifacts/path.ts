/** The path below the artifact root in normal form; nothing when it is empty or climbs out. */
export function normalizeArtifactPath(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/')
}

/**
 * The nearest path that MLflow stores as it is spelled.
 *
 * However it is encoded, MLflow decodes a path until nothing changes and takes it apart as a URL: it
 * refuses `#`, reads `%41` as `A`, and loses a `?` or `;` with nothing behind it. A backslash would part folders where
 * somebody downloads the file to Windows. Spaces, lone `%`, other `?` and `;` and every script's letters arrive unchanged.
 */
export function toStorablePath(path: string): string {
  return path
    .replace(/[#\\\p{Cc}\p{Cs}]|;(?=\?|$)/gu, '_')
    .replace(/%(?=[0-9a-f]{2})/gi, '_')
    .replace(/\?+$/, '_')
}
