/** Where the guide is, if `SOEN_DOCS_SITE` says so as it does when the guide is built; else the page's name in it. */
export function docsAddress(page: string, site: string | undefined = process.env['SOEN_DOCS_SITE']): string {
  return site ? `${site.replace(/\/+$/, '')}${page}` : `the guide, ${page}`
}
