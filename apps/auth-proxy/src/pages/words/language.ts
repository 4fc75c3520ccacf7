/** A language of our pages, as HTML names it. */
export type Language = 'en' | 'de'

/** The browser's preferred one of our languages; English where it prefers none of them. */
export function languageOf(acceptLanguage: string | undefined = ''): Language {
  const liked = acceptLanguage
    .split(',')
    .map(readRange)
    .filter(({ weight }) => weight > 0)
    // The sort is stable: among equals the first wins.
    .toSorted((one, other) => other.weight - one.weight)
  return liked.map(({ tag }) => ours(tag)).find((language) => language !== undefined) ?? 'en'
}

function readRange(range: string): { readonly tag: string; readonly weight: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { tag, weight: Number.isNaN(weight) ? 0 : weight }
}

function ours(tag: string): Language | undefined {
  const [primary] = tag.split('-')
  return primary === 'de' || primary === 'en' ? primary : undefined
}
