import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StarlightPlugin } from '@astrojs/starlight/types'

/**
 * Generates a page from code before the content is read, so that it is always up to date.
 * @param path - Below `src/content/docs`; ignored by git.
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

/** The front matter of a generated page. */
export function frontMatter(title: string, description: string): string {
  return `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\nkind: reference\neditUrl: false\n---\n`
}

/** Escapes text so that Markdown shows it literally, also inside of a table. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_[\]{}<>|]/g, String.raw`\$&`)
}

/** Text as inline code inside of a table, where a bar would end the cell even in code. */
export function tableCode(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``
}
