import type { Principal } from '../identity/principal.ts'
import { isAdmin } from '../actions/permissions.ts'
import { html } from './html.ts'
import type { Html, Insert } from './html.ts'
import type { OwnAnswer } from '../destination/own-route.ts'

/** A page before it is put into its frame. */
export interface Page {
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** Who is signed in, and so has a menu. */
  readonly principal?: Principal
  /** Path of this page, which the menu marks. */
  readonly path?: string
}

/** Nothing but our own style sheet is loaded, nothing runs, nobody frames us. */
const policy =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** What every page of ours is sent with. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

/** Frames a page. */
export function showPage({ title, body, status = 200, principal, path }: Page): OwnAnswer {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – SOEN MLflow</title>
<link rel="stylesheet" href="/_soen/style.css">
</head>
<body>
${principal && menu(principal, path)}
<main${principal === undefined ? html` class="narrow"` : ''}>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  return { status, headers: pageHeaders, body: page.text }
}

function menu(principal: Principal, path: string | undefined): Html {
  const link = (to: string, label: string): Html =>
    html`<a href="${to}" ${to === path && html` aria-current="page"`}>${label}</a>`
  return html`<header>
    <nav aria-label="Front door">
      ${link('/', 'MLflow')} ${link('/_soen/account', 'My account')}
      ${isAdmin(principal) && link('/_soen/users', 'Users')}
      ${isAdmin(principal) && link('/_soen/audit', 'Audit')}
    </nav>
    <span class="soft">${principal.name} (${principal.role})</span>
    ${postForm(principal, '/_soen/sign-out', html`<button>Sign out</button>`)}
  </header>`
}

/** A form that changes something, with the proof that it is ours. */
export function postForm({ credential }: Principal, action: string, fields: Insert): Html {
  const csrf = credential.kind === 'session' ? credential.csrf : ''
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />${fields}
  </form>`
}

/** Says that something did not work, also to who only listens. */
export function problem(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="notice problem" role="alert">${text}</p>`
}
