/**
 * The beginning of a description that is too long for its tag, cut at a line break where that costs little, with a
 * last line that says where to find the whole text.
 *
 * @param path - of the artifact with the whole text
 */
export function shortenNote(markdown: string, maxLength: number, path: string): string {
  const ending = `\n\n---\n*The whole text is among the artifacts: \`${path}\`.*`
  const room = maxLength - ending.length
  const head = markdown.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')
  const lastLine = head.lastIndexOf('\n')
  return `${lastLine > room / 2 ? head.slice(0, lastLine) : head}${ending}`
}
