import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

/** Applies changes to every page of the built site, one after the other. */
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

/**
 * Makes tables focusable: those wider than a phone scroll by themselves, which the keyboard must be able to do as
 * well.
 */
export function focusableTables(html: string): string {
  return html.replaceAll('<table>', '<table tabindex="0">')
}

/** Removes the tags for social networks and web surveys: the pages are for a team. */
export function withoutPreviews(html: string): string {
  return html.replaceAll(/<meta (?:property="og:|name="(?:twitter:|generator"))[^>]*>/g, '')
}

/**
 * Removes the link beside each heading: they would be a tenth of a long page, and the page's table of contents has
 * them all.
 */
export function withoutHeadingLinks(html: string): string {
  return html.replaceAll(/<a class="sl-anchor-link".*?<\/a>/gs, '')
}
