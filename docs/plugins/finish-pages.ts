import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

/** Changes every page of the built site, one change after the other. */
export function finishPages(...changes: readonly ((html: string) => string)[]): AstroIntegration {
  return {
    name: 'finish-pages',
    hooks: {
      async 'astro:build:done'({ dir }) {
        const root = fileURLToPath(dir)
        const pages = (await readdir(root, { recursive: true })).filter((path) => path.endsWith('.html'))
        for (const page of pages) {
          const path = join(root, page)
          const html = await readFile(path, 'utf8')
          await writeFile(
            path,
            changes.reduce((text, change) => change(text), html),
          )
        }
      },
    },
  }
}

/** Tables that are wider than a phone scroll by themselves: the keyboard has to reach them for it. */
export function focusableTables(html: string): string {
  return html.replaceAll('<table>', '<table tabindex="0">')
}

/** What social networks and surveys of the web read of a page, which is a team's own. */
export function withoutPreviews(html: string): string {
  return html.replaceAll(/<meta (?:property="og:|name="(?:twitter:|generator"))[^>]*>/g, '')
}

/** A link beside each heading would be a tenth of a long page; the list of its headings has them all. */
export function withoutHeadingLinks(html: string): string {
  return html.replaceAll(/<a class="sl-anchor-link".*?<\/a>/gs, '')
}
