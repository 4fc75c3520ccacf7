import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exampleYaml, settingsTemplate, type SshAnswers } from '@soen/settings'
import { CliError } from '../errors.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { faultOf, questions, type AnswerFlags, type Question } from './init-questions.ts'

/** The options of `soen init`: each answers a question beforehand. */
export interface InitOptions extends AnswerFlags {
  readonly settings?: string
  readonly name: string
  readonly tls: SshAnswers['tls']
  readonly force?: boolean
  readonly printExample?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Writes a settings file after at most five questions; never overwrites one. */
export async function writeNewSettings(options: InitOptions, terminal: Terminal): Promise<void> {
  if (options.printExample) return terminal.result(exampleYaml.trimEnd())
  const path = resolve(options.settings ?? 'soen.yaml')
  if (existsSync(path) && !options.force && !options.dryRun) throw alreadyThere(path)
  const answers = await answersOf(options, personHere(terminal))
  const text = settingsTemplate(answers)
  if (!options.dryRun) await writeFile(path, text, { flag: options.force ? 'w' : 'wx' })
  if (options.json) return terminal.json({ path, target: answers.name, text })
  terminal.result(options.dryRun ? text.trimEnd() : path)
  if (!options.dryRun) terminal.note('Look it over, then see what a deploy would do: soen plan')
}

/** The user who is asked, and told what is wrong with an answer; without one, flags have to answer everything. */
export interface Answerer {
  readonly ask: (question: string) => Promise<string>
  readonly tell: (fault: string) => void
}

/**
 * All answers, taken from flags first; each is validated at once, and asked for again if invalid.
 *
 * @throws CliError `SOEN_ANSWERS_UNFIT` with every problem of the flags
 */
export async function answersOf(options: InitOptions, person: Answerer | undefined): Promise<SshAnswers> {
  const wanted = questions.filter(({ flag }) => flag !== 'email' || options.tls === 'acme')
  const given = ({ flag, otherwise }: Question): string | undefined =>
    options[flag] ?? (person === undefined ? otherwise : undefined)
  const faults = [
    ...fault('--name', faultOf({ name: options.name })),
    ...wanted.flatMap((question) => {
      const answer = given(question)
      if (answer !== undefined) return fault(`--${question.flag}`, faultOf(question.read(answer)))
      return person === undefined ? [`--${question.flag}: is needed where nobody can be asked`] : []
    }),
  ]
  if (faults.length > 0) throw unfit(faults)
  const parts: Partial<SshAnswers>[] = []
  for (const question of wanted) {
    parts.push(question.read(given(question) ?? (person && (await answerTo(question, person))) ?? ''))
  }
  const { name, tls } = options
  return Object.assign({ name, tls, address: '', domain: '', artifacts: 'disk' }, ...parts)
}

async function answerTo({ words, otherwise, read }: Question, { ask, tell }: Answerer): Promise<string> {
  for (;;) {
    const answer = (await ask(words)).trim() || otherwise
    const wrong = answer === undefined ? 'an answer is needed' : faultOf(read(answer))
    if (answer !== undefined && wrong === undefined) return answer
    tell(wrong ?? '')
  }
}

function fault(flag: string, wrong: string | undefined): readonly string[] {
  return wrong === undefined ? [] : [`${flag}: ${wrong}`]
}

function unfit(faults: readonly string[]): CliError {
  const what = faults.length === 1 ? 'One answer' : `${faults.length} answers`
  return new CliError(`${what} can not be used.`, {
    code: 'SOEN_ANSWERS_UNFIT',
    hint: 'Mend them, for instance: soen init --machine USER@HOST --domain mlflow.example.org',
    cause: new Error(faults.join('\n')),
  })
}

function personHere(terminal: Terminal): Answerer | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  const asker = createAsker({ otherwise: 'Answer by flags.' })
  return { ask: (question) => asker.line(question), tell: (wrong) => terminal.warn(`Not taken: ${wrong}.`) }
}

function alreadyThere(path: string): CliError {
  return new CliError(`${path} is there already.`, {
    code: 'SOEN_SETTINGS_EXIST',
    hint: 'Change it in an editor, write another (--settings FILE), or replace it: --force.',
  })
}
