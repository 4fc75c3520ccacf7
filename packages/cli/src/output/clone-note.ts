/** How `soen` is typed in a clone where npm ran it: that puts no `soen` on the PATH. */
export function cloneNote(
  env: NodeJS.ProcessEnv = process.env,
  isSource: boolean = import.meta.filename.endsWith('.ts'),
): string | undefined {
  // The scripts of the clone that run us; another project's own script may find an installed one.
  const isByScript = ['start', 'soen'].includes(env['npm_lifecycle_event'] ?? '')
  return isSource && isByScript ? 'In this clone, `npm run soen --` stands for `soen`.' : undefined
}

/** Whether words tell a person to type `soen` and a verb. */
export function namesVerb(words: string): boolean {
  return /(?<![\w./-])soen [a-z]/.test(words)
}
