import { expect, it } from 'vitest'
import { isBrowser, isPageLoad } from './browser.ts'

const html = 'text/html,application/xhtml+xml,*/*;q=0.8'

it.each([
  ['a page in the address line', { 'sec-fetch-mode': 'navigate', accept: html }, true, true],
  ['a page without TLS', { accept: html }, true, true],
  ["a request of MLflow's page", { 'sec-fetch-mode': 'cors', accept: '*/*' }, true, false],
  ['a script that wants HTML', { 'sec-fetch-mode': 'cors', accept: html }, true, false],
  ['a picture', { 'sec-fetch-mode': 'no-cors', accept: 'image/*' }, true, false],
  ["Python's client", { accept: '*/*' }, false, false],
  ['who says nothing', {}, false, false],
])('tells %s', (_case, headers, fromBrowser, forPerson) => {
  expect([isBrowser(headers), isPageLoad(headers)]).toEqual([fromBrowser, forPerson])
})
