import { createHash } from 'node:crypto'
import type { Principal } from '../identity/principal.ts'
import { isAdmin } from '../actions/permissions.ts'
import { Html, html } from './html.ts'
import type { Insert } from './html.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import type { Reader } from './reader.ts'

/** A page without the frame around it. */
export interface Page {
  readonly reader: Reader
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** The signed-in user, who gets a menu. */
  readonly principal?: Principal
  /** Path of this page, which is marked in the menu. */
  readonly path?: string
  /** An optional script of ours: the page also works without it. */
  readonly script?: string
}

/** Loads nothing but our own style sheet, runs nothing but the page's own script, and forbids framing. */
const policy =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The headers of our pages. */
function pageHeaders(script: string | undefined): Readonly<Record<string, string>> {
  const hash = script && createHash('sha256').update(script).digest('base64')
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': hash === undefined ? policy : `${policy}; script-src 'sha256-${hash}'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  }
}

/** Renders a page in its frame. */
export function showPage({ reader, title, body, status = 200, principal, path, script }: Page): OwnAnswer {
  const { language, team } = reader
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${team ?? 'SOEN MLflow'}</title>
<link rel="stylesheet" href="/_soen/style.css">
</head>
<body>
${principal && menu(principal, path, reader)}
<main${principal === undefined ? html` class="narrow"` : ''}>
${principal === undefined && team !== undefined && html`<p class="team">${team}</p>`}
<h1>${title}</h1>
${body}
</main>
${script !== undefined && new Html(`<script>${script}</script>`)}
</body>
</html>
`
  return { status, headers: pageHeaders(script), body: page.text }
}

function menu(principal: Principal, path: string | undefined, { words, team }: Reader): Html {
  const link = (to: string, label: string): Html =>
    html`<a href="${to}" ${to === path && html` aria-current="page"`}>${label}</a>`
  return html`<header>
    ${team !== undefined && html`<span class="team">${team}</span>`}
    <nav aria-label="${words.menu}">
      ${link('/', 'MLflow')} ${link('/_soen/account', words.account)}
      ${isAdmin(principal) && link('/_soen/users', words.users)}
      ${isAdmin(principal) && link('/_soen/audit', words.audit)}
    </nav>
    <span class="soft">${principal.name} (${principal.role})</span>
    ${postForm(principal, '/_soen/sign-out', html`<button>${words.signOut}</button>`)}
  </header>`
}

/** A form that changes something, with its CSRF token. */
export function postForm({ credential }: Principal, action: string, fields: Insert): Html {
  const csrf = credential.kind === 'session' ? credential.csrf : ''
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />${fields}
  </form>`
}
