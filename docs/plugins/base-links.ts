/** Rewrites links from the root (`/setup/local/`) to be below the site’s base; links that are there already stay. */
export function moveLinks(html: string, base: string): string {
  if (base === '/') return html
  const prefix = `/${base.replaceAll(/^\/+|\/+$/g, '')}`
  return html.replaceAll(/\b(href|src)="(\/(?!\/)[^"]*)"/g, (whole, attribute: string, path: string) =>
    path === prefix || path.startsWith(`${prefix}/`) ? whole : `${attribute}="${prefix}${path}"`,
  )
}
