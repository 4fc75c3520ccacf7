import { expect, test } from 'vitest'
import { everyItem } from './paging.ts'

interface Page {
  readonly items?: readonly number[]
  readonly next_page_token?: string
}

const pages: readonly Page[] = [
  { items: [1, 2], next_page_token: 'a' },
  { next_page_token: 'b' },
  { items: [3], next_page_token: '' },
]

test('goes through all pages, also empty ones, and stops at the last', async () => {
  const asked: (string | undefined)[] = []
  const items = everyItem(
    async (token): Promise<Page> => {
      asked.push(token)
      return pages[asked.length - 1] ?? { items: [4] }
    },
    (page) => page.items,
  )
  expect(await Array.fromAsync(items)).toEqual([1, 2, 3])
  expect(asked).toEqual([undefined, 'a', 'b'])
})

test('asks for no page that nobody wants', async () => {
  let asked = 0
  const items = everyItem(
    async () => {
      asked += 1
      return { items: [1, 2], next_page_token: 'more' }
    },
    (page) => page.items,
  )
  expect(await items.next()).toEqual({ value: 1, done: false })
  await items.return()
  expect(asked).toBe(1)
})
