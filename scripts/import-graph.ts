/**
 * The import graph of the source files: read from their text, so that type-only imports and started programs count,
 * too.
 */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A reference to another file, as it is written in a source. */
interface Named {
  /** For instance `./errors.ts` or `@soen/host`. */
  readonly specifier: string
  /** Whether it is an import; otherwise it is the path of a program that is started or a file that is read. */
  readonly isImport: boolean
}

const imported =
  /^import '([^']+)'|\bfrom '([^']+)'|\b(?:import|import\.meta\.resolve)\(\s*'([^']+)'(?:\s*\))/gm
const pathed =
  /\bnew URL\(\s*'([^']+)',\s*import\.meta\.url|import\.meta\.dirname,\s*'([^']+)'|\bpath\('(\.[^']+)'\)/g

/** Everything that a TypeScript source imports or names as a file beside it. */
export function namesIn(text: string): readonly Named[] {
  const of = (pattern: RegExp, isImport: boolean): readonly Named[] =>
    [...text.matchAll(pattern)].map((match) => ({
      specifier: match.slice(1).find((group) => group !== undefined) ?? '',
      isImport,
    }))
  return [...of(imported, true), ...of(pathed, false)]
}

/** A package of the workspace, with what is needed to resolve its files. */
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

/**
 * Resolves a specifier to a file, relative to the root of the checkout; undefined where it leads out of the
 * workspace.
 */
export function fileOf(from: string, specifier: string, rooms: readonly Room[]): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  const room = rooms.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
  if (room === undefined) return undefined
  const entry = room.exports[`.${specifier.slice(room.name.length)}`]
  return entry === undefined ? undefined : join(room.path, entry)
}

/** Source files of the workspace, without what is built or installed. */
export function sourceFiles(
  pattern = '{packages,apps,docs,examples,scripts}/**/*.{ts,mts,mjs,astro,mdx}',
): string[] {
  return globSync(pattern, { exclude: (name) => /(^|\/)(node_modules|dist|\.astro)$/.test(name) })
}

/** The files that each source file uses. */
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
