import type { Forge } from '../../core/ports/forge.ts';

/** After a server's silence of this many milliseconds the answer is unknown. */
const LIMIT_MS = 5_000;
const ADVERTISEMENT = 'application/x-git-upload-pack-advertisement';

/** Asks by git's own protocol over HTTP, as `git ls-remote` does first, without any credentials. */
export function createForge(limitMs = LIMIT_MS): Forge {
  return {
    async isPublic(url, signal) {
      const limit = AbortSignal.timeout(limitMs);
      try {
        const answer = await fetch(`${url.replace(/\/+$/, '')}/info/refs?service=git-upload-pack`, {
          credentials: 'omit',
          headers: { 'user-agent': 'git/session-log' },
          signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        });
        await answer.body?.cancel();
        // A sign-in page is an answer too.
        if (answer.ok) return answer.headers.get('content-type') === ADVERTISEMENT ? 'yes' : 'no';
        return answer.status === 401 || answer.status === 403 || answer.status === 404 ? 'no' : 'unknown';
      } catch {
        return 'unknown';
      }
    },
  };
}
