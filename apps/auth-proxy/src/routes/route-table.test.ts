import { expect, it } from 'vitest'
import { routeTable } from './route-table.ts'

it('writes a route below both prefixes once, and others as they are, in the order of their paths', () => {
  const { routes } = routeTable({
    routes: [
      { method: 'POST', path: '/ajax-api/2.0/b', message: 'B' },
      { method: 'POST', path: '/api/2.0/b', message: 'B' },
      { method: 'GET', path: '/ajax-api/2.0/b', message: null },
      { method: 'GET', path: '/version', message: null },
      { method: 'GET', path: '/', message: null },
    ],
    messages: {},
    enums: {},
  })
  expect(Object.entries(routes)).toEqual([
    ['GET /', null],
    ['GET /ajax-api/2.0/b', null],
    ['GET /version', null],
    ['POST {api}/2.0/b', 'B'],
  ])
})

it('keeps messages by name', () => {
  const messages = { B: ['x'], A: ['y*'] }
  expect(Object.keys(routeTable({ routes: [], messages, enums: {} }).messages)).toEqual(['A', 'B'])
})
