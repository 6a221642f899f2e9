import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The secrets in an address of the browser view. */
export interface Invitation {
  /** Works once; becomes a cookie. */
  readonly token: string;
  /** After the `#`, so that no server and no other page ever gets it; the page sends it with every call. */
  readonly key: string;
}

/**
 * Admits whoever brings a token printed on this machine's terminal, once. Afterwards their browser's cookie gets the pages, which
 * contain nothing, and cookie and key together get everything else. The cookie alone proves little: browsers send it to every port of
 * 127.0.0.1, whoever serves there.
 */
export interface Sessions {
  /** Creates a new invitation. */
  invite(): Invitation;
  /** Returns the cookie for a valid token, which is used up by this; null for any other. */
  exchange(token: string): string | null;
  /** Whether a `Cookie` header contains one of our sessions. */
  has(cookieHeader: string | undefined): boolean;
  /** Whether a `Cookie` header contains the session this key belongs to. */
  hasKey(cookieHeader: string | undefined, key: unknown): boolean;
}

/** More open invitations than anybody has terminals. */
const MOST_TOKENS = 16;
const MOST_SESSIONS = 64;

/** Digests only: neither a core dump nor comparison timing reveals anything. */
interface Pair {
  readonly secret: Buffer;
  readonly key: Buffer;
}

/** @param port part of the cookie's name, because browsers do not separate the cookies of two ports */
export function createSessions(port: () => number): Sessions {
  const tokens: Pair[] = [];
  const sessions: Pair[] = [];
  const secret = (): string => randomBytes(32).toString('base64url');
  const name = (): string => `session-log-${port()}`;
  const found = (cookieHeader = ''): readonly Pair[] => {
    const prefix = `${name()}=`;
    return cookieHeader
      .split(';')
      .map((part) => part.trim())
      .flatMap((part) =>
        part.startsWith(prefix) ? [sessions[indexOf(sessions, part.slice(prefix.length))]] : [],
      )
      .filter((pair) => pair !== undefined);
  };
  return {
    invite() {
      const invitation = { token: secret(), key: secret() };
      tokens.push({ secret: digest(invitation.token), key: digest(invitation.key) });
      if (tokens.length > MOST_TOKENS) tokens.shift();
      return invitation;
    },
    exchange(token) {
      const at = indexOf(tokens, token);
      const invited = tokens[at];
      if (invited === undefined) return null;
      tokens.splice(at, 1);
      const session = secret();
      sessions.push({ secret: digest(session), key: invited.key });
      if (sessions.length > MOST_SESSIONS) sessions.shift();
      return `${name()}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    has: (cookieHeader) => found(cookieHeader).length > 0,
    hasKey(cookieHeader, key) {
      if (typeof key !== 'string') return false;
      const given = digest(key);
      return found(cookieHeader).some((pair) => timingSafeEqual(pair.key, given));
    },
  };
}

function indexOf(known: readonly Pair[], text: string): number {
  const wanted = digest(text);
  return known.findIndex((one) => timingSafeEqual(one.secret, wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
