/** How a person types `soen` here: npm runs it from a checkout, which puts no `soen` on the PATH. */
export function commandName(
  env: NodeJS.ProcessEnv = process.env,
  isSource: boolean = import.meta.filename.endsWith('.ts'),
): string {
  // The scripts of the checkout that run us; another project's own script may find an installed one.
  const isByScript = ['start', 'soen'].includes(env['npm_lifecycle_event'] ?? '')
  return isSource && isByScript ? 'npm run soen --' : 'soen'
}

/** Words with each `soen VERB` in them as it can be typed here. */
export function typeable(words: string, name: string = commandName()): string {
  return words.replaceAll(/(?<![\w./-])soen (?=[a-z])/g, `${name} `)
}
