import type { SettingsReferenceRow } from '@soen/settings'
import { escapeMarkdown, frontMatter, tableCode } from './generated-page.ts'

// aws, ssh, local: a key that every kind of target has needs no remark.
const allKinds = 3

/** The reference page of all keys of `soen.yaml`. */
export function settingsPage(rows: readonly SettingsReferenceRow[]): string {
  return [
    frontMatter('Settings', 'Every key of soen.yaml: what it means, what it takes, and its default.'),
    'A target is one server. `NAME` stands for the name that you give it. Each table is one group of keys.',
    ...groups(rows).map(([group, keys]) =>
      section(
        group,
        rows.find(({ key }) => key === group),
        keys,
      ),
    ),
  ].join('\n\n')
}

function groups(rows: readonly SettingsReferenceRow[]): [string, SettingsReferenceRow[]][] {
  return [...Map.groupBy(rows, ({ key }) => key.slice(0, Math.max(0, key.lastIndexOf('.'))))]
    .map(([group, members]): [string, SettingsReferenceRow[]] => [
      group,
      members.filter(({ type }) => type !== 'group'),
    ])
    .filter(([, members]) => members.length > 0)
}

function section(
  group: string,
  row: SettingsReferenceRow | undefined,
  keys: readonly SettingsReferenceRow[],
): string {
  const head = ['Key', 'Takes', 'Default', 'Example']
  const lines = keys.map((key) => [
    `${tableCode(key.key.slice(group.length + 1))}<br/>${sentence(key, row)}`,
    escapeMarkdown(key.type),
    key.default === undefined ? (key.required ? 'required' : '') : tableCode(key.default),
    key.example === undefined ? '' : tableCode(key.example),
  ])
  return [
    `## ${escapeMarkdown(group)}`,
    row === undefined ? '' : sentence(row),
    [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
  ].join('\n\n')
}

// Descriptions are Markdown already: they come from the annotated example.
function sentence({ description, where }: SettingsReferenceRow, group?: SettingsReferenceRow): string {
  const isAsItsGroup = where.length === (group === undefined ? 0 : group.where.length)
  return isAsItsGroup || where.length === allKinds ? description : `${description} Only with ${kinds(where)}.`
}

function kinds(where: SettingsReferenceRow['where']): string {
  return where.map((kind) => `\`where: ${kind}\``).join(' or ')
}
