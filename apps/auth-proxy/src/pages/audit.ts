import type { Asker } from '../actions/asker.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import { findPage, typedFilter } from '../audit/page-of-records.ts'
import type { RecordPage } from '../audit/page-of-records.ts'
import type { AuditRecord } from '../audit/record.ts'
import { deed, shortAction } from '../audit/sentence.ts'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import type { Identity } from '../identity/open-identity.ts'
import { html } from './html.ts'
import type { Html, Insert } from './html.ts'
import { problem, showPage } from './layout.ts'
import { table } from './table.ts'
import { second } from './times.ts'

const path = '/_soen/audit'
const textFilters: readonly (readonly [name: string, label: string, hint: string])[] = [
  ['run', 'Run', 'its id'],
  ['experiment', 'Experiment', 'its id'],
  ['user', 'User', 'a name'],
  ['action', 'Action', 'runs/delete'],
  ['since', 'Since', '7d or 2026-11-25'],
]

/** Shows an admin who did what, with a filter that stands in the address. */
export async function showAudit({ identity, principal }: Asker, query: URLSearchParams): Promise<OwnAnswer> {
  const found = await find(identity, query)
  const failure = 'failure' in found ? found.failure : undefined
  return showPage({
    title: 'Audit',
    principal,
    path,
    status: failure === undefined ? 200 : 400,
    body: html`${problem(failure)}${filterForm(query)} ${'records' in found && list(found, query)}`,
  })
}

async function find(
  { store }: Identity,
  query: URLSearchParams,
): Promise<RecordPage | { readonly failure: string }> {
  try {
    return await store.read((db) => findPage(db, typedFilter(query)))
  } catch (error) {
    if (error instanceof AuthProxyError) return { failure: `${error.message} ${error.hint}` }
    throw error
  }
}

function filterForm(query: URLSearchParams): Html {
  const fields = textFilters.map(
    ([name, label, hint]) =>
      html`<div>
        <label for="${name}">${label}</label>
        <input
          id="${name}"
          name="${name}"
          value="${query.get(name) ?? ''}"
          placeholder="${hint}"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
      </div>`,
  )
  return html`<form method="get" action="${path}" class="filter" role="search" aria-label="Filter records">
    ${fields}
    <div class="check">
      <input
        type="checkbox"
        id="denied"
        name="denied"
        value="true"
        ${query.get('denied') === 'true' && html`checked`}
      />
      <label for="denied">only what was refused</label>
    </div>
    <button>Show</button>
  </form>`
}

function list({ records, next }: RecordPage, query: URLSearchParams): Html {
  if (records.length === 0) return html`<p role="status">Nothing on record fits this.</p>`
  return html`${table(['Time (UTC)', 'What happened', 'From', 'Answer', 'Action'], records.map(row))}
  ${next !== undefined && html`<p><a rel="next" href="${nextAddress(query, next)}">Older records</a></p>`}`
}

function row(record: AuditRecord): readonly Insert[] {
  const { time, count = 1, address, status, allowed, code, action, actions } = record
  const times = count === 1 ? '' : ` (${count} times)`
  const done = Object.entries(actions ?? {}).map(([name, often]) => `${often} × ${shortAction(name)}`)
  return [
    second(time),
    `${deed(record)}${times}`,
    `${address ?? ''}${via(record)}`,
    allowed ? (status ?? '–') : (code ?? 'refused'),
    done.length === 0 ? shortAction(action) : done.join(', '),
  ]
}

function via({ via: how, token, address }: AuditRecord): string {
  if (how === undefined) return ''
  return `${address === undefined ? '' : ', '}${token === undefined ? how : `${how} ${token}`}`
}

function nextAddress(query: URLSearchParams, next: string): string {
  const address = new URLSearchParams(query)
  address.set('cursor', next)
  return `${path}?${address.toString()}`
}
