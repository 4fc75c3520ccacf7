/**
 * The guide's address of a page, where `SOEN_DOCS_SITE` names the site, as when the guide is built; else the page's
 * name.
 */
export function docsAddress(page: string, site: string | undefined = process.env['SOEN_DOCS_SITE']): string {
  return site ? `${site.replace(/\/+$/, '')}${page}` : `the guide, ${page}`
}
