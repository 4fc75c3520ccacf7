import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../src/content/docs', import.meta.url))

/** A hand-written page, as it is in the repository. */
export interface WrittenPage {
  /** Below the folder of all pages: `setup/local.md`. */
  readonly path: string
  readonly text: string
}

/** Every hand-written page; `reference/` is generated. */
export function writtenPages(): readonly WrittenPage[] {
  return globSync('**/*.{md,mdx}', { cwd: folder, exclude: ['reference/**', 'de/reference/**'] }).map(
    (path) => ({
      path,
      text: readFileSync(join(folder, path), 'utf8'),
    }),
  )
}

/** The English pages. */
export function englishPages(): readonly WrittenPage[] {
  return writtenPages().filter(({ path }) => !path.startsWith('de/'))
}

/** The value of a field of a page's front matter. */
export function field(page: WrittenPage, name: string): string | undefined {
  return new RegExp(`^${name}: '?([^'\n]*)'?$`, 'm').exec(page.text.split('\n---\n')[0] ?? '')?.[1]
}

/** The text that people read: no front matter, code or imports. */
export function prose({ text }: WrittenPage): string {
  return text
    .replace(/^---\n.*?\n---\n/s, '')
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '')
    .replaceAll(/^import .*$/gm, '')
}
