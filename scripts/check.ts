/** Everything that continuous integration does, in its order; `--static` leaves out the tests. */
import { spawnSync } from 'node:child_process'
import { styleText } from 'node:util'

const steps: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format', 'oxfmt', '--check', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types', 'tsc', '--noEmit'],
  ['types of every room', 'turbo', 'run', 'types', '--output-logs=errors-only'],
  ['dead code', 'knip', '--no-progress'],
  ['manifests', 'sherif'],
  ['boundaries', 'turbo', 'boundaries'],
  ['build', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  ['packed packages', 'node', 'scripts/check-packages.ts'],
  ['changesets', 'node', 'scripts/check-changesets.ts'],
]
const tests = ['tests', 'node', 'scripts/test.ts'] as const

for (const [name, command = '', ...args] of process.argv.includes('--static') ? steps : [...steps, tests]) {
  const startedAt = performance.now()
  console.log(styleText('bold', `— ${name}: ${[command, ...args].join(' ')}`))
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: withLocalTools() })
  if (status !== 0) {
    console.error(
      styleText(
        'red',
        `✗ ${name} failed; run it alone with: npm run pnpm -- exec ${[command, ...args].join(' ')}`,
      ),
    )
    process.exit(1)
  }
  console.log(`✓ ${name} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function withLocalTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `node_modules/.bin:${process.env['PATH']}` }
}
