/** Servers that repositories are pushed to. */
export interface Forge {
  /**
   * Whether anyone can read a repository: it is asked for as somebody without an account would.
   * @param url `https://…` or `http://…`, without credentials
   * @returns `unknown` when it does not say within some seconds
   */
  isPublic(url: string, signal?: AbortSignal): Promise<'yes' | 'no' | 'unknown'>;
}
