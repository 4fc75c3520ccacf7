import { PageEvent } from 'typedoc'
import type { Application } from 'typedoc'

/** TypeDoc plugin: adds the description and kind that the site requires to each generated page. */
export function addTypeDocFrontMatter(app: Pick<Application, 'renderer'>): void {
  // After starlight-typedoc has added its own front matter.
  app.renderer.on(
    PageEvent.END,
    (page: PageEvent) => {
      page.contents = withFrontMatter(page.contents ?? '', page.model.name)
    },
    -100,
  )
}

/** The page with two more lines of front matter; unchanged where it has none. */
export function withFrontMatter(contents: string, name: string): string {
  // Only the first page is named after the package.
  const what = name.startsWith('@') ? 'Every class, function and type' : name
  const description = JSON.stringify(`${what} of the TypeScript client.`)
  return contents.replace(/^---\n/, `---\ndescription: ${description}\nkind: reference\n`)
}
