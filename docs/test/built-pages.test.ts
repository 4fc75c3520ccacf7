import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { brokenLinks, builtPages, thirdPartyRequests, weigh } from './built-pages.ts'

async function site(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soen-built-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

function size(text: string): number {
  return gzipSync(text).length
}

test('a link to a page, an anchor or a file that is not there is found', async () => {
  const folder = await site({
    'index.html':
      '<a href="/a/"> <a href="/a/#here"> <a href="/b/"> <a href="/a/#gone"> <img src="/no.svg"> <a href="#top">',
    'a/index.html': '<h2 id="here">',
  })
  expect(brokenLinks(folder, builtPages(folder), '/')).toEqual([
    ' → /b/',
    ' → /a/#gone',
    ' → /no.svg',
    ' → #top',
  ])
})

test('below a base, a link that leaves it is broken', async () => {
  const folder = await site({ 'index.html': '<a href="/guide/"> <a href="/">' })
  expect(brokenLinks(folder, builtPages(folder), '/guide/')).toEqual([' → /'])
})

test('a page weighs what it loads: scripts with their imports, each file once', async () => {
  const html =
    '<link rel="stylesheet" href="/s.css"><link rel="stylesheet" href="/s.css"><script type="module" src="/a.js"></script>'
  const files = {
    's.css': 'a{}',
    'a.js': 'import{x}from"./b.js";import("./late.js")',
    'b.js': 'export{x}',
    'late.js': 'late',
  }
  const folder = await site({ ...files, 'index.html': html })
  const [page] = builtPages(folder)
  expect(page && weigh(folder, page)).toEqual({
    html: size(html),
    js: size(files['a.js']) + size(files['b.js']),
    css: size(files['s.css']),
  })
})

test('what a page would load from another machine is found; what it only links to is not', () => {
  const html = `<a href="https://mlflow.org/"><link rel="canonical" href="https://example.org/">
    <link rel="stylesheet" href="https://fonts.example.org/a.css"><script src="//cdn.example.org/x.js"></script>`
  expect(thirdPartyRequests({ path: '', html })).toEqual([
    '//cdn.example.org/x.js',
    'https://fonts.example.org/a.css',
  ])
})
