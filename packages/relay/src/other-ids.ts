/**
 * Maps ids assigned while the server was away to those that the server assigned later.
 *
 * A program keeps using the id it was given. The id is random enough to be recognised anywhere, so it is replaced
 * wherever it occurs: in a path, a query, a tag with the parent run, the address of an artifact.
 */
export class OtherIds {
  readonly #toServer = new Map<string, string>()
  readonly #toProgram = new Map<string, string>()

  /** Add a pair of ids. */
  add(programId: string, serverId: string): void {
    if (programId === serverId) return
    this.#toServer.set(programId, serverId)
    this.#toProgram.set(serverId, programId)
  }

  /** A text from the program, with the server's ids. */
  toServer(text: string): string {
    return replaceAll(text, this.#toServer)
  }

  /** A text from the server, with the program's ids. */
  toProgram(text: string): string {
    return replaceAll(text, this.#toProgram)
  }
}

function replaceAll(text: string, ids: ReadonlyMap<string, string>): string {
  if (ids.size === 0) return text
  // Ids are whole words of letters and digits.
  return text.replaceAll(/\w{16,}/g, (word) => ids.get(word) ?? word)
}
