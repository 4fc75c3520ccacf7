import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

/** Moves links that pages write from the root (`/setup/local/`) below the site's base. */
export function baseLinks(base: string): AstroIntegration {
  return {
    name: 'base-links',
    hooks: {
      async 'astro:build:done'({ dir }) {
        if (base === '/') return
        const root = fileURLToPath(dir)
        const pages = (await readdir(root, { recursive: true })).filter((path) => path.endsWith('.html'))
        for (const page of pages) {
          const path = join(root, page)
          await writeFile(path, moveLinks(await readFile(path, 'utf8'), base))
        }
      },
    },
  }
}

/** HTML whose links from the root begin with the base, once. */
export function moveLinks(html: string, base: string): string {
  const prefix = `/${base.replaceAll(/^\/+|\/+$/g, '')}`
  return html.replaceAll(/\b(href|src)="(\/(?!\/)[^"]*)"/g, (whole, attribute: string, path: string) =>
    path === prefix || path.startsWith(`${prefix}/`) ? whole : `${attribute}="${prefix}${path}"`,
  )
}
