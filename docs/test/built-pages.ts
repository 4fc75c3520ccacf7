import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A page of the built site. */
export interface BuiltPage {
  /** Path from the site's root: `setup/local/`. */
  readonly path: string
  readonly html: string
}

/** The size of a page, with each file compressed separately as a server sends it. */
export interface PageWeight {
  readonly html: number
  readonly js: number
  readonly css: number
}

/** Every page of a built site. */
export function builtPages(outDir: string): readonly BuiltPage[] {
  return globSync('**/*.html', { cwd: outDir }).map((path) => ({
    path: path.replace(/index\.html$/, ''),
    html: readFileSync(join(outDir, path), 'utf8'),
  }))
}

/** The size of a page with everything that it loads without any interaction. */
export function weigh(outDir: string, { html }: BuiltPage): PageWeight {
  const scripts = withImports(
    outDir,
    [...html.matchAll(/<script[^>]* src="(\/[^"]+)"/g)].map(([, path = '']) => path),
  )
  // A page with snippets links the same style sheet twice; a browser loads it once.
  const styles = new Set(
    [...html.matchAll(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)].map(([, path = '']) => path),
  )
  const size = (path: string): number => gzipSync(readFileSync(join(outDir, path))).length
  const sum = (paths: Iterable<string>): number => [...paths].reduce((total, path) => total + size(path), 0)
  return { html: gzipSync(html).length, js: sum(scripts), css: sum(styles) }
}

// Static imports are loaded with the script; `import()` only runs when somebody searches.
function withImports(
  outDir: string,
  paths: readonly string[],
  seen: Set<string> = new Set(),
): ReadonlySet<string> {
  for (const path of paths.filter((it) => !seen.has(it))) {
    seen.add(path)
    const code = readFileSync(join(outDir, path), 'utf8')
    const imported = [...code.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name = '']) =>
      join(path, '..', name),
    )
    withImports(outDir, imported, seen)
  }
  return seen
}

/** Addresses on other hosts that a page would load from. */
export function thirdPartyRequests({ html }: BuiltPage): readonly string[] {
  const loaded = html.matchAll(
    /<(?:script|img|iframe|source|video|audio)\b[^>]*\ssrc="((?:https?:)?\/\/[^"]+)"/g,
  )
  const linked = html.matchAll(
    /<link\b(?![^>]*rel="(?:canonical|alternate|sitemap)")[^>]*href="((?:https?:)?\/\/[^"]+)"/g,
  )
  return [...loaded, ...linked].map(([, address = '']) => address)
}

/** Internal links to a file, or an anchor in it, that does not exist. */
export function brokenLinks(outDir: string, pages: readonly BuiltPage[], base: string): readonly string[] {
  return pages.flatMap((page) =>
    [...page.html.matchAll(/\s(?:href|src)="([/#][^"]*)"/g)]
      .map(([, link = '']) => link)
      .filter((link) => !leadsSomewhere(outDir, page, link, base))
      .map((link) => `${page.path} → ${link}`),
  )
}

function leadsSomewhere(outDir: string, page: BuiltPage, link: string, base: string): boolean {
  const [path = '', anchor] = link.split('#')
  if (path !== '' && !path.startsWith(base)) return false
  const file =
    path === ''
      ? `${page.path}index.html`
      : `${path.slice(base.length)}${path.endsWith('/') ? 'index.html' : ''}`
  if (path === '') return anchor === '' || page.html.includes(` id="${decodeURIComponent(anchor ?? '')}"`)
  if (!existsSync(join(outDir, file))) return false
  return (
    anchor === undefined ||
    readFileSync(join(outDir, file), 'utf8').includes(` id="${decodeURIComponent(anchor)}"`)
  )
}
