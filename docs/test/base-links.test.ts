import { expect, test } from 'vitest'
import { moveLinks } from '../plugins/base-links.ts'

test('a link from the root moves below the base', () => {
  expect(moveLinks('<a href="/setup/local/#verify">', '/guide/')).toBe(
    '<a href="/guide/setup/local/#verify">',
  )
})

test('a link that is below the base already stays', () => {
  const html = '<a href="/guide/"><img src="/guide/a.png"><a href="/guide">'
  expect(moveLinks(html, 'guide')).toBe(html)
})

test('a folder whose name only begins like the base moves, too', () => {
  expect(moveLinks('<a href="/guidelines/">', '/guide')).toBe('<a href="/guide/guidelines/">')
})

test('anchors, relative links and other sites stay', () => {
  const html =
    '<a href="#top"><a href="../local/"><a href="https://mlflow.org/"><script src="//cdn.example.org/x.js">'
  expect(moveLinks(html, '/guide')).toBe(html)
})
