import { Argument, Command, Option, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { buildProgram } from '@soen/cli'
import { expect, test } from 'vitest'
import { cliReference } from '../plugins/cli-reference.ts'

function program(): CommandUnknownOpts {
  const built = new Command('tool').description('Does things.')
  const add = built
    .command('add')
    .description('Adds a thing.')
    .argument('<name>', 'name of the thing')
    .argument('[count]', 'how many', '1')
    .addArgument(new Argument('[colour]', 'Its colour.').choices(['red', 'blue']))
    .option('--size <a|b>', 'how big', 'a')
    .addOption(new Option('--home <dir>', 'where').env('TOOL_HOME'))
    .addOption(new Option('--debug').hideHelp())
    .addHelpText('after', '\nExamples:\n  $ tool add lamp\n  $ tool add lamp 3\n')
  add.command('twice').description('Adds it two times.')
  built.command('secret', { hidden: true }).description('Not for everybody.')
  return built
}

function pageOf(built: CommandUnknownOpts, verb: string): string {
  return cliReference(built).get(`reference/cli/${verb}.md`) ?? ''
}

test('each command has a section with its usage', () => {
  const page = pageOf(program(), 'add')
  expect(page).toContain(
    '## tool add\n\nAdds a thing.\n\n```sh\ntool add [options] [command] <name> [count] [colour]\n```',
  )
  expect(page).toContain('## tool add twice\n\nAdds it two times.')
})

test('arguments and options stand in tables, with defaults and variables', () => {
  const page = pageOf(program(), 'add')
  expect(page).toContain('| `<name>` | name of the thing |  |')
  expect(page).toContain('| `[count]` | how many | `1` |')
  expect(page).toContain('| `[colour]` | Its colour. One of `red`, `blue`. |  |')
  expect(page).toContain(String.raw`| ${'`--size <a\\|b>`'} | how big | ${'`a`'} |`)
  expect(page).toContain('| `--home <dir>` | where Also by `TOOL_HOME`. |  |')
})

test('the examples of the help are on the page', () => {
  expect(pageOf(program(), 'add')).toContain('```sh title="Examples"\ntool add lamp\ntool add lamp 3\n```')
})

test('what the help hides is hidden here', () => {
  expect([...cliReference(program())].flat().join('\n')).not.toMatch(/secret|--debug/)
})

test('signs that Markdown would read are shown as they are', () => {
  const odd = new Command('tool').description('Reads <a_b> and *c*.')
  expect(cliReference(odd).get('reference/cli.md')).toContain(String.raw`Reads \<a\_b\> and \*c\*.`)
})

test('the list names every command, and leads to its page', () => {
  expect(cliReference(program()).get('reference/cli.md')).toContain(
    '| [`tool add`](/reference/cli/add/) | Adds a thing. |',
  )
})

test('every command of soen is on a page, with an example', () => {
  const pages = [...cliReference(buildProgram()).values()].join('\n')
  const names = namesBelow(buildProgram(), 'soen')
  for (const name of names) expect(pages).toContain(`## ${name}\n`)
  expect(pages.match(/title="Examples"/g)).toHaveLength(names.length)
})

function namesBelow(parent: CommandUnknownOpts, prefix: string): string[] {
  const children = parent.createHelp().visibleCommands(parent)
  return children.flatMap((child) => {
    const name = `${prefix} ${child.name()}`
    return child.name() === 'help' ? [] : [name].concat(namesBelow(child, name))
  })
}
