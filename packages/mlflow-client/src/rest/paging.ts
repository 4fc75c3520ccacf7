/** Fetch page after page and yield the items; further pages are requested on demand. */
export async function* everyItem<Page extends { readonly next_page_token?: string }, Item>(
  fetchPage: (pageToken: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): AsyncGenerator<Item, void, undefined> {
  let token: string | undefined
  do {
    const page = await fetchPage(token)
    // An empty list is left out; the last page's token is left out or empty.
    yield* itemsOf(page) ?? []
    token = page.next_page_token || undefined
  } while (token !== undefined)
}
