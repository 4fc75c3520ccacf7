import { buildProgram } from '@soen/cli'
import { Argument, Command, Option } from 'commander'
import { expect, test } from 'vitest'
import { cliReference } from '../plugins/cli-reference.ts'

function program(): Command {
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

test('each command has a section with its usage', () => {
  const page = cliReference(program())
  expect(page).toContain(
    '## tool add\n\nAdds a thing.\n\n```sh\ntool add [options] [command] <name> [count] [colour]\n```',
  )
  expect(page).toContain('## tool add twice\n\nAdds it two times.')
})

test('arguments and options stand in tables, with defaults and variables', () => {
  const page = cliReference(program())
  expect(page).toContain('| `<name>` | name of the thing |  |')
  expect(page).toContain('| `[count]` | how many | `1` |')
  expect(page).toContain('| `[colour]` | Its colour. One of `red`, `blue`. |  |')
  expect(page).toContain(String.raw`| ${'`--size <a\\|b>`'} | how big | ${'`a`'} |`)
  expect(page).toContain('| `--home <dir>` | where Also by `TOOL_HOME`. |  |')
})

test('the examples of the help are on the page', () => {
  expect(cliReference(program())).toContain('```sh title="Examples"\ntool add lamp\ntool add lamp 3\n```')
})

test('what the help hides is hidden here', () => {
  expect(cliReference(program())).not.toMatch(/secret|--debug/)
})

test('signs that Markdown would read are shown as they are', () => {
  const odd = new Command('tool').description('Reads <a_b> and *c*.')
  expect(cliReference(odd)).toContain(String.raw`Reads \<a\_b\> and \*c\*.`)
})

test('every command of soen is on the page, with an example', () => {
  const page = cliReference(buildProgram())
  const names = namesBelow(buildProgram(), 'soen')
  for (const name of names) expect(page).toContain(`## ${name}\n`)
  expect(page.match(/title="Examples"/g)).toHaveLength(names.length)
})

function namesBelow(parent: Command, prefix: string): string[] {
  const children = parent.createHelp().visibleCommands(parent)
  return children.flatMap((child) => {
    const name = `${prefix} ${child.name()}`
    return child.name() === 'help' ? [] : [name].concat(namesBelow(child, name))
  })
}
