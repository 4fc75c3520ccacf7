/** Packs every published package and uses the tarballs as a user would: in an empty folder, with plain Node. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startTarballRegistry } from './tarball-registry.ts'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
}

using temporary = mkdtempDisposableSync(join(tmpdir(), 'soen-packages-'))
const folder = temporary.path
try {
  const tarballs = new Map<string, string>()
  const packages = published()
  for (const { name, path } of packages) tarballs.set(name, pack(name, path))
  install(tarballs)
  smokeTest(packages)
  await installGlobally(tarballs)
  console.log(`${tarballs.size} packages pack, install and load`)
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

interface Package {
  readonly name: string
  readonly path: string
  /** Its import specifiers, for instance `@soen/mlflow-client/tensorboard`. */
  readonly entries: readonly string[]
}

function published(): Package[] {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(parent).flatMap((child) => {
      const path = join(parent, child)
      const manifest: Manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
      const entries = Object.keys(manifest.exports).map((key) => join(manifest.name, key))
      return manifest.private ? [] : [{ name: manifest.name, path, entries }]
    }),
  )
}

function pack(name: string, path: string): string {
  const file = join(folder, `${name.replace('@', '').replace('/', '-')}.tgz`)
  run(path, 'pnpm', 'pack', '--out', file)
  run('.', 'publint', 'run', file, '--strict')
  run('.', 'attw', file, '--profile', 'esm-only')
  return file
}

/** Overrides make the packages depend on each other's tarballs, since they are not in a registry yet. */
function install(tarballs: ReadonlyMap<string, string>): void {
  const files = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]))
  const manifest = { name: 'stranger', private: true, type: 'module', dependencies: files, overrides: files }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  run(folder, 'npm', 'install', '--omit=optional', '--no-audit', '--no-fund')
}

function smokeTest(packages: readonly Package[]): void {
  const imports = packages
    // Its constructs need the optional aws-cdk-lib, which a teammate does not install.
    .filter(({ name }) => name !== '@soen/infra')
    .flatMap(({ entries }) => entries)
    // A program runs when it is imported; the auth-proxy's is started below.
    .filter((entry) => !entry.endsWith('/main'))
    .map(
      (entry) =>
        `if (Object.keys(await import('${entry}')).length === 0) throw new Error('${entry} exports nothing')`,
    )
  run(folder, 'node', '--input-type=module', '-e', imports.join('\n'))
  run(folder, join(folder, 'node_modules/.bin/soen'), '--version')
  run(folder, join(folder, 'node_modules/.bin/soen'), 'status', '--help')
  run(folder, join(folder, 'node_modules/.bin/soen-auth-proxy'), '--help')
}

/**
 * Installs with `npm install --global @soen/cli`, as the guide says, and uses the command in a folder without a
 * clone.
 */
async function installGlobally(tarballs: ReadonlyMap<string, string>): Promise<void> {
  await using registry = await startTarballRegistry(tarballs)
  const prefix = join(folder, 'global')
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  const start = promisify(execFile)
  const ours = [`--prefix=${prefix}`, `--@soen:registry=${registry.url}`, '--no-audit', '--no-fund']
  await start('npm', ['install', '--global', '@soen/cli', ...ours], { cwd: elsewhere })
  const env = {
    PATH: `${join(prefix, 'bin')}:${process.env['PATH']}`,
    HOME: elsewhere,
    // As if npm had started it: even then, an installed command must not mention a clone's scripts.
    npm_lifecycle_event: 'start',
  }
  const soen = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await start('soen', args, { cwd: elsewhere, env }).catch((error: unknown) =>
      Object(error),
    )
    return `${stdout}${stderr}`
  }
  const expected: readonly (readonly [readonly string[], string])[] = [
    [['--version'], '.'],
    [['completion', 'zsh'], 'compdef _soen soen'],
    [['complete', '--', 'dep'], 'deploy'],
    [['up', '--dry-run', '--port', '5600'], '5600'],
    [['status'], 'Start it: soen up'],
    [['init', '--machine', 'lab', '--domain', 'mlflow.example.org', '--dry-run'], 'mlflow.example.org'],
  ]
  for (const [args, words] of expected) {
    const said = await soen(...args)
    if (said.includes(words) && !said.includes('npm run')) continue
    throw new Error(`the installed «soen ${args.join(' ')}» said:\n${said}`)
  }
}

function run(cwd: string, command: string, ...args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return
  // Thrown rather than exiting, so that the folder is removed in this case, too.
  throw new Error(`${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`)
}
