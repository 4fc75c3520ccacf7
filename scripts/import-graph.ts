/** Which source files use which: read from the texts, so that type-only imports and started programs count, too. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a file names, as it is written there. */
interface Named {
  /** For instance `./errors.ts` or `@soen/host`. */
  readonly specifier: string
  /** Whether it is imported; else it is a path, of a program that is started or a file that is read. */
  readonly isImport: boolean
}

const imported =
  /^import '([^']+)'|\bfrom '([^']+)'|\b(?:import|import\.meta\.resolve)\(\s*'([^']+)'(?:\s*\))/gm
const pathed =
  /\bnew URL\(\s*'([^']+)',\s*import\.meta\.url|import\.meta\.dirname,\s*'([^']+)'|\bpath\('(\.[^']+)'\)/g

/** Everything that a text of TypeScript imports or names as a file beside it. */
export function namesIn(text: string): readonly Named[] {
  const of = (pattern: RegExp, isImport: boolean): readonly Named[] =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match.slice(1).find((group) => group !== undefined) ?? '',
      isImport,
    }))
  return [...of(imported, true), ...of(pathed, false)]
}

/** A workspace's package, as far as its files are found by it. */
export interface Room {
  readonly name: string
  readonly path: string
  readonly exports: Readonly<Record<string, string>>
}

/** Every package of the workspace. */
export function readRooms(): readonly Room[] {
  return globSync('{packages,apps}/*/package.json')
    .concat('docs/package.json', 'examples/package.json')
    .map((manifest) => {
      const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
      return { name, exports, path: dirname(manifest) }
    })
}

/** The file that a specifier leads to, from the root of the checkout; nothing where it leads out of the workspace. */
export function fileOf(from: string, specifier: string, rooms: readonly Room[]): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  const room = rooms.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
  if (room === undefined) return undefined
  const entry = room.exports[`.${specifier.slice(room.name.length)}`]
  return entry === undefined ? undefined : join(room.path, entry)
}

/** Sources of the workspace, without what is built or installed. */
export function sourceFiles(
  pattern = '{packages,apps,docs,examples,scripts}/**/*.{ts,mts,mjs,astro,mdx}',
): string[] {
  return globSync(pattern, { exclude: (name) => /(^|\/)(node_modules|dist|\.astro)$/.test(name) })
}

/** For each source file the files that it uses. */
export function importGraph(
  files: readonly string[],
  { isImportsOnly = false }: { readonly isImportsOnly?: boolean } = {},
): ReadonlyMap<string, readonly string[]> {
  const rooms = readRooms()
  return new Map(
    files.map((file) => {
      const named = namesIn(readFileSync(file, 'utf8')).filter(({ isImport }) => isImport || !isImportsOnly)
      const used = named.flatMap(({ specifier, isImport }) => {
        const path = isImport ? fileOf(file, specifier, rooms) : join(dirname(file), specifier)
        return path !== undefined && isFile(path) ? [path] : []
      })
      return [file, used]
    }),
  )
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}
