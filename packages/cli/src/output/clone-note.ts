/** How to call `soen` in a clone, where npm ran it: there it is not on the PATH. */
export function cloneNote(
  env: NodeJS.ProcessEnv = process.env,
  isSource: boolean = import.meta.filename.endsWith('.ts'),
): string | undefined {
  // The clone's own scripts; another project's script may run an installed `soen`.
  const isByScript = ['start', 'soen'].includes(env['npm_lifecycle_event'] ?? '')
  return isSource && isByScript ? 'In this clone, `npm run soen --` stands for `soen`.' : undefined
}

/** Whether a text tells the user to type `soen` and a verb. */
export function namesVerb(words: string): boolean {
  return /(?<![\w./-])soen [a-z]/.test(words)
}
