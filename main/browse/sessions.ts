import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may come in: whoever brings a token that was printed on this machine's terminal, once; afterwards their browser's cookie. */
export interface Sessions {
  /** A new one-time token. */
  newToken(): string;
  /** The cookie for a good token, which is used up by this; null for any other. */
  exchange(token: string): string | null;
  /** Whether a `Cookie` header holds one of our sessions. */
  has(cookieHeader: string | undefined): boolean;
}

/** More open invitations than anybody has terminals. */
const MOST_TOKENS = 16;
const MOST_SESSIONS = 64;

/** @param port part of the cookie's name, because browsers do not keep the cookies of two ports apart */
export function createSessions(port: () => number): Sessions {
  // Digests only: a core dump or a comparison that takes its time gives nothing away.
  const tokens: Buffer[] = [];
  const sessions: Buffer[] = [];
  const secret = (): string => randomBytes(32).toString('base64url');
  const name = (): string => `session-log-${port()}`;
  return {
    newToken() {
      const token = secret();
      tokens.push(digest(token));
      if (tokens.length > MOST_TOKENS) tokens.shift();
      return token;
    },
    exchange(token) {
      const at = indexOf(tokens, token);
      if (at === -1) return null;
      tokens.splice(at, 1);
      const session = secret();
      sessions.push(digest(session));
      if (sessions.length > MOST_SESSIONS) sessions.shift();
      return `${name()}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    has(cookieHeader) {
      const prefix = `${name()}=`;
      return (cookieHeader ?? '')
        .split(';')
        .map((part) => part.trim())
        .some((part) => part.startsWith(prefix) && indexOf(sessions, part.slice(prefix.length)) !== -1);
    },
  };
}

function indexOf(known: readonly Buffer[], text: string): number {
  const wanted = digest(text);
  return known.findIndex((one) => timingSafeEqual(one, wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
