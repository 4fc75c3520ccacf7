import type { Argument, CommandUnknownOpts as Command, Option } from '@commander-js/extra-typings'
import { escapeMarkdown, frontMatter, tableCode } from './generated-page.ts'

/**
 * The reference pages of the CLI, generated from the command tree behind `--help`: an index, and a page for each
 * command with its subcommands. Keyed by path below `src/content/docs`.
 */
export function cliReference(program: Command): ReadonlyMap<string, string> {
  const verbs = visibleCommands(program)
  return new Map([
    ['reference/cli.md', listPage(program, verbs)],
    ...verbs.map((verb): [string, string] => [
      `reference/cli/${verb.name()}.md`,
      joined([
        frontMatter(`${program.name()} ${verb.name()}`, verb.description() || verb.summary()),
        ...commandSections(verb, program.name()),
      ]),
    ]),
  ])
}

function listPage(program: Command, verbs: readonly Command[]): string {
  const rows = verbs.map((verb) => [
    `[\`${program.name()} ${verb.name()}\`](/reference/cli/${verb.name()}/)`,
    escapeMarkdown(verb.summary() || verb.description()),
  ])
  return joined([
    frontMatter('Commands', `Every command of ${program.name()}, with its arguments and options.`),
    escapeMarkdown(program.description()),
    table(['Command', 'Meaning'], rows),
    optionTable(program.options),
  ])
}

function joined(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function commandSections(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`
  const children = visibleCommands(command)
  const usage = `\`\`\`sh\n${name} ${command.usage()}\n\`\`\``
  return [
    `## ${escapeMarkdown(name)}`,
    escapeMarkdown(command.description() || command.summary()),
    usage,
    argumentTable(command.registeredArguments),
    optionTable(command.options),
    exampleBlock(command),
    ...children.flatMap((child) => commandSections(child, name)),
  ]
}

function visibleCommands(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
}

function argumentTable(registered: readonly Argument[]): string {
  const rows = registered.map((argument) => [
    tableCode(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
    [escapeMarkdown(argument.description), choicesOf(argument)].filter(Boolean).join(' '),
    argument.defaultValue === undefined ? '' : tableCode(String(argument.defaultValue)),
  ])
  return table(['Argument', 'Meaning', 'Default'], rows)
}

function choicesOf({ argChoices }: Argument): string {
  return argChoices === undefined ? '' : `One of ${argChoices.map(tableCode).join(', ')}.`
}

function optionTable(options: readonly Option[]): string {
  const rows = options
    .filter((option) => !option.hidden)
    .map((option) => [tableCode(option.flags), meaningOf(option), defaultOf(option)])
  return table(['Option', 'Meaning', 'Default'], rows)
}

// What `addHelpText` adds appears only in the printed help.
function exampleBlock(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  const examples = [...help.matchAll(/^\s*\$ (.*)$/gm)].map(([, example]) => example)
  return examples.length === 0 ? '' : `\`\`\`sh title="Examples"\n${examples.join('\n')}\n\`\`\``
}

function meaningOf({ description, envVar }: Option): string {
  return `${escapeMarkdown(description)}${envVar === undefined ? '' : ` Also by ${tableCode(envVar)}.`}`
}

function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValueDescription !== undefined) return escapeMarkdown(defaultValueDescription)
  return defaultValue === undefined || defaultValue === false ? '' : tableCode(String(defaultValue))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
