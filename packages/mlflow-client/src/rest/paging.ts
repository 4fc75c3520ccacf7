/** Fetch page after page, item by item; the next page is asked for only when somebody wants more. */
export async function* everyItem<Page extends { readonly next_page_token?: string }, Item>(
  fetchPage: (pageToken: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): AsyncGenerator<Item, void, undefined> {
  let token: string | undefined
  do {
    const page = await fetchPage(token)
    // An empty list is left out, and so is the last page's token, or it is empty.
    yield* itemsOf(page) ?? []
    token = page.next_page_token || undefined
  } while (token !== undefined)
}
