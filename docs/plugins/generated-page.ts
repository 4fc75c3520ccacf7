import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StarlightPlugin } from '@astrojs/starlight/types'

/**
 * Writes a page from code before the content is read, so that it cannot fall behind its source.
 * @param path - Below `src/content/docs`; kept out of git.
 */
export function generatedPage(path: string, content: () => string): StarlightPlugin {
  return {
    name: `generated-page:${path}`,
    hooks: {
      async 'config:setup'({ astroConfig }) {
        const file = new URL(`content/docs/${path}`, astroConfig.srcDir)
        await mkdir(dirname(file.pathname), { recursive: true })
        await writeFile(file, content())
      },
    },
  }
}

/** The head of a generated page. */
export function frontMatter(title: string, description: string): string {
  return `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\nkind: reference\neditUrl: false\n---\n`
}

/** Text as Markdown shows it letter by letter, also inside of a table. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_[\]{}<>|]/g, String.raw`\$&`)
}

/** Text in code style inside of a table, where a bar would end the cell even in code. */
export function tableCode(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``
}
