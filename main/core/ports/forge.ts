/** Servers that repositories are pushed to. */
export interface Forge {
  /**
   * Whether anyone can read a repository: probes it without an account.
   * @param url `https://…` or `http://…`, without credentials
   * @returns `unknown` when it does not answer within some seconds
   */
  isPublic(url: string, signal?: AbortSignal): Promise<'yes' | 'no' | 'unknown'>;
}
