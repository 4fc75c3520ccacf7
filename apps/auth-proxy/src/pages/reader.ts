import type { OwnRequest } from '../destination/own-route.ts'
import { languageOf } from './words/language.ts'
import type { Language } from './words/language.ts'
import { wordsIn } from './words/words-in.ts'
import type { Words } from './words/words.ts'

/** The reader that a page is written for. */
export interface Reader {
  readonly language: Language
  readonly words: Words
  /** The team's name, where it is set. */
  readonly team: string | undefined
}

/** Determines the reader from a request. */
export function readerOf({ headers }: Pick<OwnRequest, 'headers'>, team: string | undefined): Reader {
  const language = languageOf(headers['accept-language'])
  return { language, words: wordsIn[language], team }
}
