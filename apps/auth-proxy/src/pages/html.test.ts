import { expect, it } from 'vitest'
import { html } from './html.ts'

it('lets no value become markup, in text or in an attribute', () => {
  const evil = `"><script>alert('&')</script>`
  expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>',
  )
})

it('puts markup, lists and numbers together, and leaves out what is not there', () => {
  const items = ['a', '<b>'].map((text) => html`<i>${text}</i>`)
  expect(html`<b>${items}</b>${undefined}${false}${0}`.text).toBe('<b><i>a</i><i>&lt;b&gt;</i></b>0')
})
