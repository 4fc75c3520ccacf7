import type { OwnRequest } from '../destination/own-route.ts'
import { languageOf } from './words/language.ts'
import type { Language } from './words/language.ts'
import { wordsIn } from './words/words-in.ts'
import type { Words } from './words/words.ts'

/** For whom a page is written. */
export interface Reader {
  readonly language: Language
  readonly words: Words
  /** The name of whose server this is. */
  readonly team: string | undefined
}

/** Reads from a request who is to understand the answer. */
export function readerOf({ headers }: Pick<OwnRequest, 'headers'>, team: string | undefined): Reader {
  const language = languageOf(headers['accept-language'])
  return { language, words: wordsIn[language], team }
}
