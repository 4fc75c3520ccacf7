/** The client went away before its request was over: nothing failed, and nobody is left to hear an answer. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft'

  constructor() {
    super('The client went away.')
  }
}
