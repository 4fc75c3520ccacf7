/** The `file:` URI of a folder, spelled as Python spells it. */
export function toFileUri(folder: string): string {
  return `file://${folder.split('/').map(encodeURIComponent).join('/')}`
}
